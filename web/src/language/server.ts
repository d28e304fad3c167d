// Sentences that the server says as they stand here: `t()` finds them in the catalogues by their English.
import { msg } from "./t";

export const sentences = [
  msg("Name or password is wrong"),
  msg("Sign in first"),
  msg("This is one of the first passwords a stranger tries; choose another"),
  msg("Your name is no secret; choose another password"),
  msg("No model is set up yet. An administrator adds one as an endpoint."),
  msg("Nothing relevant was found in the chosen documents"),
  msg("What the model saw was not kept for this answer"),
  msg("The server is stopping; send it again in a minute"),
  msg("This answer is still being written; wait for it or stop it"),
];
