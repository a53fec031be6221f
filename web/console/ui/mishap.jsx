import { Component } from "preact";
import { Failure } from "./states.jsx";
import { Page } from "./page.jsx";

/** Keeps what surrounds a page when the page itself breaks, and says so. */
export class Mishap extends Component {
  state = {};

  componentDidCatch(error) {
    console.error(error);
    this.setState({ error });
  }

  render({ title, children }, { error }) {
    return error ? (
      <Page title={title}>
        <Failure problem={error} retry={() => location.reload()} />
      </Page>
    ) : (
      children
    );
  }
}
