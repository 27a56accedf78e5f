//! The one place where a refusal becomes a status code (HTTP-5, RFC 9457).

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use parlour_engine::NameRefused;
use parlour_protocol::http::Problem;
use parlour_protocol::{ErrorCode, Refusal};

/// A refusal on its way out.
#[derive(Debug)]
pub(crate) struct HttpError {
    status: StatusCode,
    refusal: Refusal,
    suggestion: Option<String>,
}

impl HttpError {
    /// A refusal with a status of its own.
    pub(crate) fn new(status: StatusCode, code: ErrorCode, detail: &str) -> HttpError {
        HttpError { status, refusal: Refusal::new(code, detail), suggestion: None }
    }

    pub(crate) fn not_found() -> HttpError {
        HttpError::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, "There is nothing here.")
    }

    pub(crate) fn bad_request(detail: &str) -> HttpError {
        HttpError::new(StatusCode::BAD_REQUEST, ErrorCode::BadFrame, detail)
    }
}

fn status(code: ErrorCode) -> StatusCode {
    match code {
        ErrorCode::BadFrame | ErrorCode::BadText | ErrorCode::Empty | ErrorCode::BadName => StatusCode::BAD_REQUEST,
        ErrorCode::BadPassword | ErrorCode::BadHandle | ErrorCode::BadEmail | ErrorCode::BadQuery => {
            StatusCode::BAD_REQUEST
        }
        ErrorCode::TooBig => StatusCode::PAYLOAD_TOO_LARGE,
        ErrorCode::NameTaken | ErrorCode::HandleTaken | ErrorCode::TooMany => StatusCode::CONFLICT,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        // 401 is for who has no session alone.
        ErrorCode::Forbidden => StatusCode::FORBIDDEN,
        ErrorCode::BadCredentials | ErrorCode::CodeNeeded | ErrorCode::ProveAgain => StatusCode::FORBIDDEN,
        ErrorCode::LinkOver => StatusCode::GONE,
        ErrorCode::SignedOut => StatusCode::UNAUTHORIZED,
        ErrorCode::Rate => StatusCode::TOO_MANY_REQUESTS,
        ErrorCode::Busy => StatusCode::SERVICE_UNAVAILABLE,
        ErrorCode::StoreFull | ErrorCode::QuotaFull => StatusCode::INSUFFICIENT_STORAGE,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

impl From<Refusal> for HttpError {
    fn from(refusal: Refusal) -> HttpError {
        HttpError { status: status(refusal.code), refusal, suggestion: None }
    }
}

impl From<NameRefused> for HttpError {
    fn from(refused: NameRefused) -> HttpError {
        HttpError { suggestion: refused.suggestion, ..refused.refusal.into() }
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        let retry_after_ms = self.refusal.retry_after_ms;
        let problem = Problem {
            status: self.status.as_u16(),
            code: self.refusal.code,
            detail: self.refusal.message,
            retry_after_ms,
            field: self.refusal.field.map(str::to_owned),
            suggestion: self.suggestion,
        };
        let body = serde_json::to_string(&problem).expect("a problem always encodes");
        let kind = HeaderValue::from_static("application/problem+json");
        let mut response = (self.status, [(header::CONTENT_TYPE, kind)], body).into_response();
        if let Some(wait_ms) = retry_after_ms {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(wait_ms.div_ceil(1_000)));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// 405, for a path that exists under another method (S10).
pub(crate) async fn wrong_method() -> HttpError {
    wrong_method_here()
}

/// The same, for the gate.
pub(crate) fn wrong_method_here() -> HttpError {
    HttpError::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::BadFrame, "This address does not take that method.")
}
