package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.fixtures.Waiting;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.ValidatableResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares responses with the OpenAPI document that the server serves, by vertx-openapi. The version of Vert.x 5.0 has a fixed list of media types and
 * rejects those of problems and of lines of JSON, so both get types that it knows here; for the same reason it does not route the API. Version 5.1 takes
 * further types and loads the document as it is, but needs Vert.x 5.1.
 */
record ContractCheck(Vertx vertx, OpenAPIContract contract, ResponseValidator validator) {

    static ContractCheck of(RunningServer server) {
        Vertx vertx = Vertx.vertx();
        JsonObject document = new JsonObject(known(server.send(server.request("/admin/v1/openapi.json", null).GET()).requireOk().body()));
        OpenAPIContract contract = Waiting.on(OpenAPIContract.from(vertx, document));
        return new ContractCheck(vertx, contract, ResponseValidator.create(vertx, contract));
    }

    private static String known(String text) {
        return text.replace("application/problem+json", "application/json").replace("application/x-ndjson", "text/plain");
    }

    /** Fails unless the document has this response of the operation. */
    void requireAllowed(Operation operation, Answer answer) {
        if ("application/x-ndjson".equals(answer.header("Content-Type"))) {
            assertThat(operation).isEqualTo(Operation.EXPORT_AUDIT);
            return;
        }
        String type = answer.header("Content-Type") == null ? null : known(answer.header("Content-Type"));
        Waiting.on(validator.validate(type == null ? ValidatableResponse.create(answer.status()) : ValidatableResponse.create(answer.status(), Buffer.buffer(answer.body()), type),
            operation.id()));
    }

    void close() {
        Waiting.on(vertx.close());
    }
}
