package dev.gatehouse.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.fixtures.Page;
import io.vertx.core.json.JsonObject;

import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/** A device that an operator has added, and the person who answers it in a browser (RFC 8628). */
public final class Devices {
    private static final String GRANT = "urn:ietf:params:oauth:grant-type:device_code";
    private final RunningGatehouse gatehouse;
    private final Journey journey;
    private final String clientId;

    public Devices(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
        journey = gatehouse.journey();
        clientId = Commands.addDevice(gatehouse.home());
    }

    public String clientId() {
        return clientId;
    }

    /** The two codes, as the device gets them. */
    public JsonObject begin() {
        HttpResponse<String> answer = post("/oauth/device_authorization", Map.of("client_id", clientId, "scope", "mcp:read"));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    public HttpResponse<String> poll(JsonObject begun) {
        return post("/oauth/token", Map.of("grant_type", GRANT, "client_id", clientId, "device_code", begun.getString("device_code")));
    }

    /** Opens the address with the code in it, and answers it, logging in where that is asked first. */
    public void answer(String address, String button) {
        Page page = journey.login(address);
        if (page.redirect() != null) {
            page = journey.browser().open(page.redirect().toString());
        }
        Page answered = journey.browser().submit(page, page.button(button));
        assertThat(answered.status()).as(answered.body()).isEqualTo(200);
    }

    private HttpResponse<String> post(String path, Map<String, String> form) {
        return Http.postForm(gatehouse.issuer() + path, new LinkedHashMap<>(form));
    }
}
