/** A picture of a link or a secret, to be photographed. It comes as an SVG and is shown as an image, which runs nothing. */

import type { ReactNode } from "react";
import "./Qr.css";

export function Qr({ svg, label }: { svg: string; label: string }): ReactNode {
  return <img className="qr" src={`data:image/svg+xml,${encodeURIComponent(svg)}`} alt={label} />;
}
