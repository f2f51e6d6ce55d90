package dev.gatehouse.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatehouse.fixtures.IntrospectionServer;
import dev.gatehouse.fixtures.Waiting;
import dev.gatehouse.mcp.McpRouter;
import dev.gatehouse.mcp.testing.McpAnswer;
import dev.gatehouse.mcp.testing.McpTestClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The example of a tool that asks, keeps a value and asks again. */
class ImportTest {

    private final Vertx vertx = Vertx.vertx();
    private final AlbumService photos = new AlbumService();
    private final List<String> asked = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        Waiting.on(vertx.close());
    }

    /** Its user finishes a sign-in when the page has been opened twice. */
    private static final class AlbumService implements Import.Photos {

        private int begun;
        private int checked;
        private String imported;

        @Override
        public Future<String> begin(String user) {
            begun++;
            return Future.succeededFuture("sign-in-" + begun);
        }

        @Override
        public String page(String signIn) {
            return "https://photos.example/" + signIn;
        }

        @Override
        public Future<Boolean> isFinished(String signIn) {
            checked++;
            return Future.succeededFuture(checked > 1);
        }

        @Override
        public Future<Integer> importAlbum(String signIn, String album) {
            imported = album;
            return Future.succeededFuture(12);
        }
    }

    private McpAnswer call(String action) throws Exception {
        IntrospectionServer authServer = new IntrospectionServer(vertx, Clock.systemUTC()).start();
        Router router = Router.router(vertx);
        int port = Waiting.on(vertx.createHttpServer().requestHandler(router).listen(0, "localhost")).actualPort();
        String url = "http://localhost:" + port + "/mcp";
        McpRouter.named("photos", "1.0.0").tool(new Import(photos)).protectedBy(authServer.issuer(), url).mount(vertx, router);
        return Waiting.on(McpTestClient.of(vertx, url).withToken(authServer.issue("right", "alice", "mcp:write", url)).answering((method, params) -> {
            asked.add(params.getString("url", params.getString("message")));
            return new JsonObject().put("action", action).put("content", new JsonObject().put("album", "Summer"));
        }).call("import", new JsonObject()));
    }

    @Test
    void thePageIsAskedForUntilTheSignInIsFinishedAndTheSignInBeginsOnce() throws Exception {
        McpAnswer answer = call("accept");

        assertThat(answer.text()).isEqualTo("12 photos imported.");
        assertThat(asked).containsExactly("https://photos.example/sign-in-1", "https://photos.example/sign-in-1", "Which album?");
        assertThat(photos.begun).isEqualTo(1);
        assertThat(photos.imported).isEqualTo("Summer");
    }

    @Test
    void aUserWhoDeclinesImportsNothing() throws Exception {
        McpAnswer answer = call("decline");

        assertThat(answer.isError()).isTrue();
        assertThat(asked).containsExactly("https://photos.example/sign-in-1");
        assertThat(photos.imported).isNull();
    }
}
