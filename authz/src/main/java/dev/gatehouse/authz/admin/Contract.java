package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.shared.json.StrictJson;
import dev.gatehouse.shared.json.StrictJson.MalformedJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The contract of the API: its OpenAPI 3.1 document, generated from the table of operations, and the checks of requests by the same schemas. */
public final class Contract {

    private static final String FILE = "openapi/admin.json";
    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");
    private static final JsonSchemaOptions OPTIONS = new JsonSchemaOptions().setBaseUri("https://gatehouse.invalid").setDraft(Draft.DRAFT202012).setOutputFormat(OutputFormat.Basic);
    private static final int LONGEST_PATH_VALUE = 2_000;
    private static final int LONGEST_HEADER = 200;
    /** The schemas of the resources that have an entity tag. */
    private static final Set<String> TAGGED = Set.of("User", "Group", "Client", "NewClientResult", "Document", "Key", "Policy");
    private static final JsonObject TAG = new JsonObject().put("ETag", new JsonObject().put("description", "For If-Match of a change").put("schema", new JsonObject().put("type", "string")));

    private static final JsonObject CONTENT = read();

    private final JsonObject parameters = CONTENT.getJsonObject("parameters");
    private final JsonObject queries = CONTENT.getJsonObject("queries");
    private final JsonObject schemas = CONTENT.getJsonObject("schemas");
    private final Map<String, Validator> validators = new ConcurrentHashMap<>();

    /** All of them would take a start several milliseconds. The validator writes members of its own into a schema, which are not for the document. */
    private Validator validator(String name, JsonObject schema) {
        return validators.computeIfAbsent(name, absent -> Validator.create(JsonSchema.of(schema.copy()), OPTIONS));
    }

    private static JsonObject read() {
        try (InputStream stream = Contract.class.getClassLoader().getResourceAsStream(FILE)) {
            return new JsonObject(Buffer.buffer(stream.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The query parameters of an operation. */
    public List<String> query(Operation operation) {
        return queries.getJsonArray(operation.name(), new JsonArray()).stream().map(String.class::cast).toList();
    }

    /** Reads a query parameter as the type of its schema. @throws Problem if it is not allowed */
    public Object parameter(String name, String text) {
        JsonObject schema = parameters.getJsonObject(name).getJsonObject("schema");
        String type = schema.getString("type");
        Object value = type.equals("integer") && text.matches("-?\\d{1,9}") ? Integer.valueOf(text)
            : type.equals("boolean") && (text.equals("true") || text.equals("false")) ? Boolean.valueOf(text) : text;
        requireText(text);
        String problem = problem("?" + name, schema, value);
        if (problem != null) {
            throw Problem.invalid("The parameter " + name + " is not valid: " + problem);
        }
        return value;
    }

    /**
     * Builds a body from the fields of a form. A name with dots leads into objects. Lists are separated by blanks and line breaks.
     *
     * @param nullable the members that become null if the form has no value for them
     */
    public JsonObject body(Operation operation, Map<String, String> fields, Set<String> nullable) {
        JsonObject body = new JsonObject();
        JsonObject schema = operation.request() == null ? new JsonObject() : schemas.getJsonObject(operation.request());
        fields.forEach((name, text) -> {
            JsonObject target = body;
            JsonObject described = schema;
            String[] steps = name.split("\\.");
            for (int i = 0; i < steps.length - 1; i++) {
                JsonObject inner = target.getJsonObject(steps[i], new JsonObject());
                target.put(steps[i], inner);
                target = inner;
                described = member(described, steps[i]);
            }
            target.put(steps[steps.length - 1], typed(member(described, steps[steps.length - 1]), text));
        });
        nullable.stream().filter(name -> !body.containsKey(name)).forEach(body::putNull);
        return body;
    }

    private static JsonObject member(JsonObject schema, String name) {
        return schema.getJsonObject("properties", new JsonObject()).getJsonObject(name, new JsonObject());
    }

    private static Object typed(JsonObject schema, String text) {
        return switch (String.valueOf(schema.getValue("type"))) {
            case "array" -> new JsonArray(List.of(text.strip().split("\\s+")));
            case "boolean" -> Boolean.valueOf(text);
            case "object" -> object(text);
            // A browser ends lines with CR LF.
            default -> text.replace("\r\n", "\n");
        };
    }

    private static JsonObject object(String text) {
        try {
            return StrictJson.object(text.getBytes(StandardCharsets.UTF_8));
        } catch (MalformedJson e) {
            throw Problem.invalid("A field is not one JSON object");
        }
    }

    /** @throws Problem if the body is not allowed */
    public void requireBody(Operation operation, JsonObject body) {
        String problem = operation.request() == null ? body.isEmpty() ? null : "the operation has no body" : problem(operation.request(), schemas.getJsonObject(operation.request()), body);
        if (problem != null) {
            throw Problem.invalid("The body is not valid: " + problem);
        }
        requireText(body);
    }

    /** @throws Problem for a path parameter that no resource can have */
    public static void requirePathValue(String value) {
        requireText(value);
        if (value.isEmpty() || value.length() > LONGEST_PATH_VALUE) {
            throw Problem.notFound("There is no such resource");
        }
    }

    /** PostgreSQL stores no U+0000. */
    private static void requireText(Object value) {
        if (value instanceof String text && text.indexOf('\0') >= 0) {
            throw Problem.invalid("A text has the character U+0000");
        }
        if (value instanceof JsonObject object) {
            object.forEach(each -> {
                requireText(each.getKey());
                requireText(each.getValue());
            });
        }
        if (value instanceof JsonArray array) {
            array.forEach(Contract::requireText);
        }
    }

    private String problem(String name, JsonObject schema, Object value) {
        OutputUnit result = validator(name, schema).validate(value);
        if (result.getValid()) {
            return null;
        }
        List<OutputUnit> errors = result.getErrors();
        if (errors == null || errors.isEmpty()) {
            return "it does not match its schema";
        }
        OutputUnit last = errors.get(errors.size() - 1);
        return last.getInstanceLocation().replaceFirst("^#/?", "") + ": " + last.getError();
    }

    /** The OpenAPI document. @param url the URL of the API @param authorize the URL of the authorization endpoint @param token the URL of the token endpoint */
    JsonObject document(String url, String authorize, String token) {
        JsonObject paths = new JsonObject();
        for (Operation operation : Operation.values()) {
            JsonObject path = paths.getJsonObject(operation.path(), new JsonObject());
            paths.put(operation.path(), path.put(operation.method().toLowerCase(Locale.ROOT), described(operation)));
        }
        JsonObject scopes = new JsonObject();
        ScopePolicy.ADMINISTRATION.forEach(scope -> scopes.put(scope.name(), scope.description()));
        JsonObject flow = new JsonObject().put("authorizationUrl", authorize).put("tokenUrl", token).put("scopes", scopes);
        return new JsonObject().put("openapi", "3.1.0")
            .put("info", new JsonObject().put("title", "Gatehouse administration").put("version", "1")
                .put("description", "Tokens are for the resource " + url + ". Only users with a role get them.")
                .put("license", new JsonObject().put("name", "Apache 2.0").put("identifier", "Apache-2.0")))
            .put("servers", new JsonArray().add(new JsonObject().put("url", url)))
            .put("security", new JsonArray().add(new JsonObject().put("oauth", new JsonArray())))
            .put("paths", paths)
            .put("components", new JsonObject().put("schemas", schemas)
                .put("securitySchemes", new JsonObject().put("oauth", new JsonObject().put("type", "oauth2").put("flows", new JsonObject().put("authorizationCode", flow)))));
    }

    private JsonObject described(Operation operation) {
        JsonArray all = new JsonArray();
        for (Matcher name = PARAMETER.matcher(operation.path()); name.find();) {
            all.add(new JsonObject().put("name", name.group(1)).put("in", "path").put("required", true)
                .put("schema", text(LONGEST_PATH_VALUE)));
        }
        query(operation).forEach(name -> all.add(parameters.getJsonObject(name).copy().put("name", name).put("in", "query")));
        if (operation.needsMatch()) {
            all.add(header("If-Match", "The ETag of the resource", true));
        }
        if (operation.method().equals("POST")) {
            all.add(header("Idempotency-Key", "A text of your choice; a request with the same key is performed once", false));
        }
        JsonObject described = new JsonObject().put("operationId", operation.id()).put("summary", operation.summary())
            .put("tags", new JsonArray().add(operation.tag()))
            .put("security", new JsonArray().add(new JsonObject().put("oauth", new JsonArray().add(operation.scope()))))
            .put("parameters", all).put("responses", responses(operation));
        return operation.request() == null ? described : described.put("requestBody", new JsonObject().put("required", !schemas.getJsonObject(operation.request())
            .getJsonArray("required", new JsonArray()).isEmpty()).put("content", json("application/json", operation.request())));
    }

    private static JsonObject text(int longest) {
        return new JsonObject().put("type", "string").put("minLength", 1).put("maxLength", longest);
    }

    private static JsonObject header(String name, String description, boolean required) {
        return new JsonObject().put("name", name).put("in", "header").put("required", required).put("description", description)
            .put("schema", text(LONGEST_HEADER));
    }

    private static JsonObject responses(Operation operation) {
        JsonObject responses = new JsonObject();
        if (operation == Operation.EXPORT_AUDIT) {
            responses.put("200", new JsonObject().put("description", "Lines of JSON").put("content", new JsonObject().put("application/x-ndjson",
                new JsonObject().put("schema", new JsonObject().put("type", "string")))));
        } else if (operation.response() == null) {
            responses.put("204", new JsonObject().put("description", "Done"));
        } else {
            JsonObject done = new JsonObject().put("description", "Done").put("content", json("application/json", operation.response()));
            responses.put(operation.method().equals("POST") && operation.isWrite() ? "201" : "200", TAGGED.contains(operation.response()) ? done.put("headers", TAG.copy()) : done);
        }
        if (operation == Operation.SET_ROLE || operation == Operation.REMOVE_KEY) {
            responses.put("202", new JsonObject().put("description", "A second owner must confirm").put("content", json("application/json", "WaitingChange")));
        }
        JsonObject problem = json("application/problem+json", "Problem");
        return responses.put("4XX", new JsonObject().put("description", "The request is refused").put("content", problem))
            .put("default", new JsonObject().put("description", "The server fails").put("content", problem.copy()));
    }

    private static JsonObject json(String type, String schema) {
        return new JsonObject().put(type, new JsonObject().put("schema", new JsonObject().put("$ref", "#/components/schemas/" + schema)));
    }
}
