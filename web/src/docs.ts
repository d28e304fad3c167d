import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";
import "swagger-ui-dist/swagger-ui.css";

SwaggerUI({
  dom_id: "#docs",
  url: "/api/openapi.json",
  // The validator is a service on the internet.
  validatorUrl: null,
  deepLinking: true,
  // Of a hundred and forty operations it draws only the first ten.
  docExpansion: "none",
});
