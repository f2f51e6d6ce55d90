package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.support.Answer;
import dev.gatehouse.authz.support.Clients;
import dev.gatehouse.authz.support.RunningServer;
import dev.gatehouse.authz.user.RoleStore.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/** Generates requests from the OpenAPI document, right and wrong ones. None is an error of the server, and each response is in the document. */
@Order(1)
class AdminFuzzTest {

    private static final int REQUESTS_PER_OPERATION = 70;
    private static final long SEED = 20261128;
    private static final List<String> ODD = List.of("", " ", "%", "_", "'", "\"", "\\", "--", "; DROP TABLE user_account", "\u0000", "\n", "\u202E", "\uD800", "😀", "../..", "%2F", "*",
        "null", "true", "-1", "0", "9223372036854775808", "1e309", "usr_guest", "https://a.example/b", "ä".repeat(300), "x".repeat(3000), "2026-01-01T00:00:00Z", "+1000000000-12-31T23:59:59Z",
        "gatehouse-console", "app", "owner", "live", "bGFzdA", "MTIz");

    private static RunningServer server;
    private static AdminClient owner;
    private static ContractCheck contract;
    private static JsonObject document;
    private static final Random RANDOM = new Random(SEED);

    @BeforeAll
    static void start() {
        server = RunningServer.start();
        AdminClient.register(server);
        server.add(Clients.publicClient("app"));
        owner = AdminClient.of(server, Role.OWNER);
        AdminClient.addUser(server, "guest");
        contract = ContractCheck.of(server);
        document = server.send(server.request("/admin/v1/openapi.json", null).GET()).json();
    }

    @AfterAll
    static void stop() {
        contract.close();
        server.close();
    }

    @Test
    void noGeneratedRequestIsAnErrorOfTheServer() {
        Map<Integer, Integer> statuses = new TreeMap<>();
        for (Operation operation : Operation.values()) {
            JsonObject described = document.getJsonObject("paths").getJsonObject(operation.path()).getJsonObject(operation.method().toLowerCase(Locale.ROOT));
            for (int i = 0; i < REQUESTS_PER_OPERATION; i++) {
                HttpRequest.Builder request = request(operation, described);
                Answer answer = server.send(request);
                String about = operation + " " + request.build().uri() + " " + answer.body();
                assertThat(answer.status()).as(about).isLessThan(500);
                assertThat(answer.status() < 400 ? "" : answer.header("Content-Type")).as(about).isIn("", "application/problem+json");
                contract.requireAllowed(operation, answer);
                statuses.merge(answer.status(), 1, Integer::sum);
            }
        }
        assertThat(statuses.values().stream().mapToInt(count -> count).sum()).isGreaterThan(3_000);
        // The requests reach further than the checks of their form.
        assertThat(statuses.keySet()).contains(200, 201, 204, 400, 404, 412).doesNotContain(401);
        assertThat(owner.get("/users/" + owner.sub()).requireOk().json().getString("role")).isEqualTo("owner");
    }

    private static HttpRequest.Builder request(Operation operation, JsonObject described) {
        String path = operation.path();
        List<String> query = new ArrayList<>();
        List<String> headers = new ArrayList<>();
        for (Object each : described.getJsonArray("parameters")) {
            JsonObject parameter = (JsonObject) each;
            String name = parameter.getString("name");
            String value = String.valueOf(value(parameter.getJsonObject("schema")));
            switch (parameter.getString("in")) {
                case "path" -> path = path.replace("{" + name + "}", encoded(value.isEmpty() ? "x" : value));
                case "query" -> {
                    if (RANDOM.nextInt(3) > 0) {
                        query.add(name + "=" + encoded(value));
                    }
                }
                default -> headers.addAll(List.of(name, name.equals("If-Match") && RANDOM.nextBoolean() ? "*" : printable(value)));
            }
        }
        HttpRequest.Builder request = server.request(AdminOptions.PATH + path + (query.isEmpty() ? "" : "?" + String.join("&", query)), "Bearer " + owner.token());
        headers.removeIf(String::isEmpty);
        if (headers.size() % 2 == 0 && !headers.isEmpty()) {
            request.headers(headers.toArray(String[]::new));
        }
        JsonObject body = described.getJsonObject("requestBody");
        if (body == null || RANDOM.nextInt(10) == 0) {
            return request.method(operation.method(), BodyPublishers.noBody());
        }
        String schema = body.getJsonObject("content").getJsonObject("application/json").getJsonObject("schema").getString("$ref").replaceFirst(".*/", "");
        String text = RANDOM.nextInt(12) == 0 ? ODD.get(RANDOM.nextInt(ODD.size())) : String.valueOf(value(document.getJsonObject("components").getJsonObject("schemas").getJsonObject(schema)));
        return request.header("Content-Type", "application/json").method(operation.method(), BodyPublishers.ofString(text));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String printable(String text) {
        return text.replaceAll("[^\\x21-\\x7E]", "").isEmpty() ? "x" : text.replaceAll("[^\\x21-\\x7E]", "");
    }

    /** A value of a schema, sometimes of another one. */
    private static Object value(JsonObject schema) {
        if (RANDOM.nextInt(8) == 0) {
            return List.of(ODD.get(RANDOM.nextInt(ODD.size())), RANDOM.nextLong(), RANDOM.nextBoolean(), new JsonArray(), new JsonObject()).get(RANDOM.nextInt(5));
        }
        if (schema.containsKey("enum")) {
            return schema.getJsonArray("enum").getValue(RANDOM.nextInt(schema.getJsonArray("enum").size()));
        }
        Object type = schema.getValue("type") instanceof JsonArray several ? several.getString(RANDOM.nextInt(several.size())) : schema.getValue("type");
        return switch (String.valueOf(type)) {
            case "object" -> object(schema);
            case "array" -> {
                JsonArray array = new JsonArray();
                for (int i = RANDOM.nextInt(4); i > 0; i--) {
                    array.add(value(schema.getJsonObject("items")));
                }
                yield array;
            }
            case "integer" -> RANDOM.nextInt(3) == 0 ? RANDOM.nextInt() : RANDOM.nextInt(200);
            case "boolean" -> RANDOM.nextBoolean();
            case "null" -> null;
            default -> RANDOM.nextInt(3) == 0 ? ODD.get(RANDOM.nextInt(ODD.size())) : "word" + RANDOM.nextInt(1000);
        };
    }

    private static JsonObject object(JsonObject schema) {
        JsonObject object = new JsonObject();
        JsonArray required = schema.getJsonArray("required", new JsonArray());
        schema.getJsonObject("properties", new JsonObject()).forEach(each -> {
            if (required.contains(each.getKey()) ? RANDOM.nextInt(20) > 0 : RANDOM.nextBoolean()) {
                object.put(each.getKey(), value((JsonObject) each.getValue()));
            }
        });
        return RANDOM.nextInt(15) == 0 ? object.put("surplus", 1) : object;
    }
}
