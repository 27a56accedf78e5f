//! A link as a picture to be photographed.

use std::fmt::Write as _;

use qrcodegen::{QrCode, QrCodeEcc};

/// Empty modules around the code, so that a camera finds it.
const MARGIN: i32 = 4;

/// The text as an SVG of one path, black on white whatever the page's colours; empty for a text that no code can hold.
pub(crate) fn svg(text: &str) -> String {
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return String::new() };
    let size = code.size();
    let mut path = String::new();
    for y in 0..size {
        for x in (0..size).filter(|x| code.get_module(*x, y)) {
            // Writing into a String does not fail.
            let _ = write!(path, "M{},{}h1v1h-1z", x + MARGIN, y + MARGIN);
        }
    }
    let whole = size + 2 * MARGIN;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {whole} {whole}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0,0h{whole}v{whole}h-{whole}z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_6_a_link_is_a_picture_and_nothing_of_it_is_text() {
        let svg = svg("http://127.0.0.1:8080/join/abc\"><script>");
        assert!(
            svg.starts_with("<svg ") && svg.ends_with("</svg>") && !svg.contains("script") && !svg.contains("join")
        );
        assert_eq!(super::svg(&"x".repeat(5_000)), "");
    }
}
