package dev.gatehouse.authz.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;

/** An answer of the server under test. */
public record Answer(int status, HttpHeaders headers, String body) {

    static Answer of(HttpResponse<String> response) {
        return new Answer(response.statusCode(), response.headers(), response.body());
    }

    public JsonObject json() {
        return new JsonObject(body);
    }

    public String header(String name) {
        return headers.firstValue(name).orElse(null);
    }

    /** Checks that this is a refusal as RFC 6749 §5.2 has them, which tells nothing of the inside and is not stored. */
    public Answer requireError(int expectedStatus, String error) {
        assertThat(body).contains("error");
        assertThat(json().getString("error")).as(body).isEqualTo(error);
        assertThat(status).isEqualTo(expectedStatus);
        assertThat(header("Content-Type")).startsWith("application/json");
        assertThat(header("Cache-Control")).isEqualTo("no-store");
        assertThat(json().getString("error_description")).matches("[\\x20-\\x7E&&[^\"\\\\]]*").doesNotContain("Exception");
        return this;
    }

    public Answer requireOk() {
        assertThat(status).as(body).isEqualTo(200);
        return this;
    }
}
