import { Component, type ComponentChildren } from "preact";

interface BoundaryProps {
  children: ComponentChildren;
  /** Shown in the place of what could not be drawn. */
  instead: ComponentChildren;
}

/** One message that cannot be drawn must not take the page with it. */
export class Boundary extends Component<BoundaryProps, { broken: boolean }> {
  override state = { broken: false };
  static override getDerivedStateFromError() {
    return { broken: true };
  }
  override render() {
    return this.state.broken ? this.props.instead : this.props.children;
  }
}
