package dev.gatehouse.it.bench;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;

/** Refreshes of some grants. Each request has the refresh token of an earlier answer. */
final class RefreshRequests implements Source {
    private static final String END_OF_HEAD = "\r\n\r\n";
    private final OAuthClient client;
    private final Queue<String> tokens = new ArrayDeque<>();

    /** @param grants more than there are connections */
    RefreshRequests(OAuthClient client, int grants) {
        this.client = client;
        Journey journey = Journey.demo(client.issuer());
        for (int i = 0; i < grants; i++) {
            tokens.add(journey.tokens(client).refresh());
        }
    }

    @Override
    public Buffer next() {
        return RequestBytes.post(client.tokenUrl(), Http.FORM, Http.encode(Map.of("grant_type", "refresh_token", "refresh_token", tokens.remove())),
            Map.of("Authorization", OAuthClient.basic(client.id(), client.secret())));
    }

    @Override
    public boolean accepts(Buffer answer) {
        if (!HttpAnswer.isSuccess(answer)) {
            return false;
        }
        String text = answer.toString();
        tokens.add(new JsonObject(text.substring(text.indexOf(END_OF_HEAD))).getString("refresh_token"));
        return true;
    }
}
