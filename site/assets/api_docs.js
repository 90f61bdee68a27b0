// Shows the API's own document with Swagger UI, from our own origin.
window.SwaggerUIBundle({
  url: "/api/docs/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  validatorUrl: null,
});
