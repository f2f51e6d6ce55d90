package dev.gatehouse.it.conformance;

import dev.gatehouse.client.Connector;
import dev.gatehouse.client.config.ServerEntry;
import dev.gatehouse.client.http.HttpCall;
import dev.gatehouse.client.http.HttpCaller;
import dev.gatehouse.client.oauth.LoginRequest;
import dev.gatehouse.client.oauth.AuthorizationServer;
import dev.gatehouse.client.oauth.Login;
import dev.gatehouse.client.oauth.MemoryCredentials;
import dev.gatehouse.client.oauth.OAuthOptions;
import dev.gatehouse.client.oauth.UserInteraction;
import dev.gatehouse.client.session.ClientFeatures;
import dev.gatehouse.client.session.McpConnection;
import dev.gatehouse.client.skill.Skill;
import dev.gatehouse.client.skill.Skills;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The product's client in a scenario of the conformance suite: uses all that the scenario's server offers. The person allows everything. */
final class SuiteClient {

    private static final String METADATA_URL = "https://conformance-test.local/client-metadata.json";
    private static final long TIMEOUT_MILLIS = 60_000;

    private final String scenario;
    private final String version;
    private final JsonObject context;
    private final List<String> log = new CopyOnWriteArrayList<>();

    private SuiteClient(String scenario, String version, JsonObject context) {
        this.scenario = scenario;
        this.version = version;
        this.context = context;
    }

    /** Serves the programs that the suite starts, each of which hands over one scenario. */
    static HttpServer serve(Vertx vertx) {
        HttpCaller http = new HttpCaller(vertx);
        return vertx.createHttpServer().requestHandler(request -> request.body().compose(body -> {
            JsonObject work = body.toJsonObject();
            SuiteClient client = new SuiteClient(work.getString("scenario"), work.getString("version"), work.getJsonObject("context"));
            return client.run(vertx, http, URI.create(work.getString("url"))).map("done").transform(result -> request.response()
                .setStatusCode(result.succeeded() ? 200 : 500).end(String.join("\n", client.log) + "\n" + result));
        })).listen(0, "127.0.0.1").await();
    }

    private Future<Void> run(Vertx vertx, HttpCaller http, URI url) {
        Connector connector = new Connector(new Login.Surroundings(vertx, http, Clock.systemUTC(), new MemoryCredentials(), new Person(http),
            lookup -> log.add(lookup.toString())), Map.of(), log::add);
        ClientFeatures features = new ClientFeatures(SuiteClient::accept, null, List.of());
        return connector.connect(ServerEntry.of(url).withVersion(version).with(OAuthOptions.of(auth())),
                new McpConnection.Options(version, "test", TIMEOUT_MILLIS, null, features, told -> { }, log::add))
            .compose(connection -> use(connection).eventually(connection::close));
    }

    /** A person who confirms what is to be confirmed, and leaves everything else as it is. */
    private static Future<JsonObject> accept(JsonObject asked) {
        boolean confirms = asked.getJsonObject("requestedSchema").getJsonObject("properties").containsKey("confirmed");
        return Future.succeededFuture(new JsonObject().put("action", "accept")
            .put("content", confirms ? new JsonObject().put("confirmed", true) : new JsonObject()));
    }

    /** The settings that a user would write for what the scenario hands out. */
    private JsonObject auth() {
        JsonObject auth = new JsonObject().put("client_metadata_url", METADATA_URL);
        auth.put("client_id", context.getString("client_id")).put("client_secret", context.getString("client_secret"));
        if (context.containsKey("private_key_pem")) {
            auth.put("private_key", context.getString("private_key_pem")).put("signing_algorithm", context.getString("signing_algorithm"));
        }
        if (scenario.startsWith("auth/client-credentials")) {
            auth.put("grant", "client_credentials");
        }
        if (context.containsKey("valid_jwt")) {
            auth.put("grant", "jwt_bearer").put("assertion", context.getString("valid_jwt"));
        }
        if (context.containsKey("idp_id_token")) {
            auth.put("grant", "identity_assertion").put("identity_provider", new JsonObject().put("client_id", context.getString("idp_client_id"))
                .put("token_url", context.getString("idp_token_endpoint")).put("id_token", context.getString("idp_id_token")));
        }
        return auth;
    }

    private Future<Void> use(McpConnection connection) {
        if (scenario.startsWith("sep-2640-client")) {
            return Skills.of(connection).map(this::useSkills).orElseGet(() -> Future.failedFuture(new IllegalStateException("The server has no skills")));
        }
        return connection.tools().compose(tools -> callAll(connection, tools)).compose(called -> scenario.equals("http-standard-headers")
            ? readAll(connection) : Future.succeededFuture());
    }

    /** Lists the skills; loads each and reads its files, unless the scenario is about a client that loads none. */
    private Future<Void> useSkills(Skills skills) {
        return skills.list().compose(found -> {
            Future<?> read = Future.succeededFuture();
            for (Skill skill : scenario.endsWith("no-prefetch") ? List.<Skill>of() : found) {
                read = read.compose(before -> skills.load(skill));
                for (String file : skill.files().keySet()) {
                    read = read.compose(before -> skills.read(skill, file));
                }
            }
            return read.mapEmpty();
        });
    }

    private Future<Void> callAll(McpConnection connection, List<JsonObject> tools) {
        Future<Void> calls = Future.succeededFuture();
        if (context.containsKey("toolCalls")) {
            for (Object each : context.getJsonArray("toolCalls")) {
                JsonObject call = (JsonObject) each;
                calls = calls.compose(before -> connection.callTool(call.getString("name"), call.getJsonObject("arguments"), null).mapEmpty());
            }
            return calls;
        }
        for (JsonObject tool : tools) {
            if (!scenario.equals("json-schema-ref-no-deref")) {
                calls = calls.compose(before -> connection.callTool(tool.getString("name"), arguments(tool, tools), told -> { }).mapEmpty());
            }
        }
        return calls;
    }

    private static JsonObject arguments(JsonObject tool, List<JsonObject> tools) {
        JsonObject arguments = new JsonObject();
        JsonObject properties = tool.getJsonObject("inputSchema").getJsonObject("properties", new JsonObject());
        for (String name : properties.fieldNames()) {
            String type = String.valueOf(((JsonObject) properties.getValue(name)).getValue("type"));
            if (tool.getString("name").equals("json_schema_echo")) {
                arguments.put(name, tools.stream().filter(each -> each.getString("name").equals("json_schema_2020_12_tool")).findFirst().orElseThrow()
                    .getJsonObject("inputSchema"));
            } else if (type.equals("number") || type.equals("integer")) {
                arguments.put(name, 2);
            } else if (type.equals("string")) {
                arguments.put(name, "text");
            }
        }
        return arguments;
    }

    private static Future<Void> readAll(McpConnection connection) {
        return connection.resources().compose(resources -> {
            Future<Void> reads = Future.succeededFuture();
            for (JsonObject resource : resources) {
                reads = reads.compose(before -> connection.readResource(resource.getString("uri")).mapEmpty());
            }
            return reads;
        }).compose(read -> connection.prompts()).compose(prompts -> {
            Future<Void> gets = Future.succeededFuture();
            for (JsonObject prompt : prompts) {
                gets = gets.compose(before -> connection.prompt(prompt.getString("name"), new JsonObject()).mapEmpty());
            }
            return gets;
        });
    }

    /** Follows the request as a browser of a person who allows everything. */
    private record Person(HttpCaller http) implements UserInteraction {

        @Override
        public Future<Void> open(LoginRequest request) {
            return http.call(HttpCall.get(request.url(), "text/html"))
                .compose(answer -> http.call(HttpCall.get(URI.create(answer.headers().get("Location")), "text/html"))).mapEmpty();
        }

        @Override
        public Future<Boolean> confirm(AuthorizationServer server, String resource) {
            return Future.succeededFuture(true);
        }
    }
}
