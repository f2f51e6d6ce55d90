package dev.gatehouse.authz.endpoint;

import dev.gatehouse.shared.http.JsonResponse;
import dev.gatehouse.shared.sql.Database;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

import java.util.concurrent.TimeUnit;

/** {@code /health}: whether this server can do its work, which it can while its store answers. */
public final class HealthEndpoint implements Endpoint {

    private static final String PATH = "/health";
    private static final long DEADLINE_SECONDS = 2;

    private final Database database;

    public HealthEndpoint(Database database) {
        this.database = database;
    }

    @Override
    public void mount(Routes routes) {
        Router root = routes.root();
        root.route(PATH).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::answer);
        MethodNotAllowed.elsewhere(root, PATH, "GET, HEAD");
    }

    private void answer(RoutingContext context) {
        database.read("SELECT 1 AS alive").timeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
            .onSuccess(rows -> JsonResponse.sendPrivate(context.response(), 200, status("up")))
            .onFailure(failure -> JsonResponse.sendPrivate(context.response(), 503, status("down")));
    }

    private static JsonObject status(String status) {
        return new JsonObject().put("status", status);
    }
}
