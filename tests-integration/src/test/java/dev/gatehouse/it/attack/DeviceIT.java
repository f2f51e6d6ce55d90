package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.it.support.Crowd;
import dev.gatehouse.it.support.Devices;
import dev.gatehouse.it.support.Gatehouse;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.net.http.HttpResponse;
import java.util.List;

/** Devices that are approved in a browser, and crowds that ask for the same approval (RFC 8628 §3.4). */
@Gatehouse
final class DeviceIT {
    private static final int CALLERS = 50;
    private static final int ROUNDS = 100;
    private final RunningGatehouse gatehouse;

    DeviceIT(RunningGatehouse gatehouse) {
        this.gatehouse = gatehouse;
    }

    @Test
    void oneOfManySimultaneousPollsGetsTheTokens() {
        Devices devices = new Devices(gatehouse);
        try (Crowd crowd = new Crowd(CALLERS)) {
            for (int round = 0; round < ROUNDS; round++) {
                JsonObject begun = devices.begin();
                devices.answer(begun.getString("verification_uri_complete"), "allow");
                List<HttpResponse<String>> answers = crowd.atOnce(caller -> devices.poll(begun));
                List<HttpResponse<String>> won = answers.stream().filter(answer -> answer.statusCode() == 200).toList();
                assertThat(won).hasSize(1);
                assertThat(answers.stream().filter(answer -> answer.statusCode() == 400)).hasSize(CALLERS - 1);
                assertThat(gatehouse.active(Tokens.of(won.get(0).body()).access())).isTrue();
            }
        }
    }

    @Test
    void refusedDeviceGetsNothing() {
        Devices devices = new Devices(gatehouse);
        JsonObject begun = devices.begin();
        assertThat(devices.poll(begun).body()).contains("authorization_pending");
        devices.answer(begun.getString("verification_uri_complete"), "deny");
        assertThat(devices.poll(begun).body()).contains("access_denied").doesNotContain("access_token");
    }
}
