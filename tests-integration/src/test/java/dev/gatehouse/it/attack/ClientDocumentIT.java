package dev.gatehouse.it.attack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.Http;
import dev.gatehouse.it.support.DocumentHost;
import dev.gatehouse.it.support.Journey;
import dev.gatehouse.it.support.OAuthClient;
import dev.gatehouse.it.support.Pkce;
import dev.gatehouse.it.support.RunningGatehouse;
import dev.gatehouse.it.support.Tokens;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;

/** Clients that describe themselves in a document: who is believed, and whom the server never calls. */
final class ClientDocumentIT {
    private static final String CALLBACK = "http://127.0.0.1/callback";
    private static final JsonObject DOCUMENT = new JsonObject().put("client_name", "A client of its own")
        .put("redirect_uris", new JsonArray().add(CALLBACK));
    private static final List<String> SPELLINGS = List.of("127.0.0.1", "127.1", "0177.0.0.1", "0x7f.1", "0x7f000001", "2130706433",
        "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "localhost", "x.localhost", "127.0.0.1.", "10.0.0.1", "169.254.169.254", "[64:ff9b::7f00:1]");

    @Test
    void documentOfAHostWithAVerifiedCertificateIsTakenAndOneWithoutIsNot() {
        try (DocumentHost host = DocumentHost.start(); DocumentHost stranger = DocumentHost.start();
             RunningGatehouse gatehouse = RunningGatehouse.inProcess(new JsonObject()
                 .put("fetching", new JsonObject().put("trustFile", host.certificate().toString())), new JsonObject())) {
            OAuthClient client = new OAuthClient(gatehouse.issuer(), host.publish("/client.json", DOCUMENT), null, CALLBACK);
            Tokens annas = Journey.demo(gatehouse.issuer()).tokens(client);
            Tokens others = Journey.demo(gatehouse.issuer()).tokens(client);
            assertThat(gatehouse.active(annas.access())).isTrue();
            assertThat(client.revoke(annas.refresh()).statusCode()).isEqualTo(200);
            assertThat(client.refresh(others.refresh()).statusCode()).as("another grant to the same client").isEqualTo(200);

            String unknown = stranger.publish("/client.json", DOCUMENT);
            assertThat(ask(gatehouse, unknown)).as("an authority that nobody trusts").isEqualTo(400);
            assertThat(stranger.fetches()).isZero();
        }
    }

    @Test
    void nothingIsSentToAnAddressThatIsNotPublicInAnySpelling() throws IOException {
        JsonObject closed = new JsonObject().put("fetching", new JsonObject().put("loopback", false));
        try (ServerSocket listener = new ServerSocket(0); RunningGatehouse gatehouse = RunningGatehouse.inProcess(closed, new JsonObject())) {
            for (String host : SPELLINGS) {
                assertThat(ask(gatehouse, "https://" + host + ":" + listener.getLocalPort() + "/client.json")).as(host).isEqualTo(400);
                assertThat(token(gatehouse, "https://" + host + ":" + listener.getLocalPort() + "/client.json")).as(host).isEqualTo(401);
            }
            listener.setSoTimeout(1);
            assertThat(hasCaller(listener)).isFalse();
        }
    }

    private static boolean hasCaller(ServerSocket listener) throws IOException {
        try {
            listener.accept().close();
            return true;
        } catch (SocketTimeoutException nobody) {
            return false;
        }
    }

    private static int ask(RunningGatehouse gatehouse, String clientId) {
        return Http.get(new OAuthClient(gatehouse.issuer(), clientId, null, CALLBACK).authorizationUrl(Pkce.fresh())).statusCode();
    }

    private static int token(RunningGatehouse gatehouse, String clientId) {
        return Http.postForm(gatehouse.issuer() + "/oauth/token",
            Map.of("grant_type", "refresh_token", "refresh_token", "x", "client_id", clientId)).statusCode();
    }
}
