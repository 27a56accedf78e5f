/** A crash in one part says so there and leaves the rest alone. */

import { Component, type ReactNode } from "react";

type Props = { readonly words: string; readonly children: ReactNode };

export class Boundary extends Component<Props, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    return this.state.failed ? <p role="alert">{this.props.words}</p> : this.props.children;
  }
}
