package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.admin.AdminCall.Actor;
import dev.gatehouse.authz.admin.AdminCall.Answer;
import dev.gatehouse.authz.http.Endpoint;
import dev.gatehouse.authz.http.OAuthErrorResponder;
import dev.gatehouse.authz.token.TokenPresentation;
import dev.gatehouse.shared.http.BoundedBody;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.MediaTypes;
import dev.gatehouse.shared.http.RateLimiter;
import dev.gatehouse.shared.http.RequestId;
import dev.gatehouse.shared.http.RequestLog;
import dev.gatehouse.shared.json.StrictJson;
import dev.gatehouse.shared.json.StrictJson.MalformedJson;
import dev.gatehouse.shared.oauth.OAuthErrorCode;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** {@code /admin/v1}: the REST API of the administration. It accepts access tokens for its own URL alone, bound to a key, to a certificate or to nothing. */
public final class AdminEndpoint implements Endpoint {

    private static final int MAXIMUM_BYTES = 1024 * 1024;
    private static final String PROBLEM = "application/problem+json";
    private static final String IDEMPOTENCY = "Idempotency-Key";
    private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");

    private final Administration administration;
    private final TokenPresentation tokens;
    private final Actors actors;
    private final Contract contract;
    private final IdempotencyStore idempotency;
    private final RateLimiter limiter;
    private final Clock clock;
    private Routes routes;

    public AdminEndpoint(Administration administration, TokenPresentation tokens, Actors actors, Contract contract, IdempotencyStore idempotency, RateLimiter limiter, Clock clock) {
        this.administration = administration;
        this.tokens = tokens;
        this.actors = actors;
        this.contract = contract;
        this.idempotency = idempotency;
        this.limiter = limiter;
        this.clock = clock;
    }

    @Override
    public void mount(Routes mounted) {
        routes = mounted;
        JsonObject document = contract.document(mounted.url(AdminOptions.PATH), mounted.url("/oauth/authorize"), mounted.url("/oauth/token"));
        mounted.served().route(AdminOptions.PATH + "/*").handler(context -> {
            OptionalLong wait = limiter.secondsToWait(routes.addresses().sourceOf(context.request()));
            if (wait.isPresent()) {
                context.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(wait.getAsLong()));
                refuse(context, Problem.ofServer(429, "Wait before the next request"));
            } else {
                context.next();
            }
        });
        mounted.served().route(HttpMethod.GET, AdminOptions.PATH + "/openapi.json").handler(context -> context.response()
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(document.toBuffer()));
        Map<String, List<Operation>> byPath = Arrays.stream(Operation.values()).collect(Collectors.groupingBy(Operation::path, LinkedHashMap::new, Collectors.toList()));
        // A path without parameters comes before one that has a parameter in its place.
        byPath.entrySet().stream().sorted((one, other) -> Boolean.compare(one.getKey().contains("{"), other.getKey().contains("{"))).forEach(each -> mount(each.getKey(), each.getValue()));
        mounted.served().route(AdminOptions.PATH + "/*").handler(context -> refuse(context, Problem.notFound("The API has no such path")));
    }

    private void mount(String path, List<Operation> operations) {
        String route = AdminOptions.PATH + path.replaceAll("\\{(\\w+)}", ":$1");
        operations.forEach(operation -> routes.served().route(HttpMethod.valueOf(operation.method()), route).handler(context -> handle(context, operation)));
        String methods = operations.stream().map(Operation::method).collect(Collectors.joining(", "));
        routes.served().route(route).handler(context -> {
            context.response().putHeader(HttpHeaders.ALLOW, methods);
            refuse(context, Problem.notAllowed(methods));
        });
    }

    private void handle(RoutingContext context, Operation operation) {
        BoundedBody.read(context, MAXIMUM_BYTES)
            .compose(body -> tokens.of(context).compose(token -> actors.of(token, operation)).compose(actor -> perform(context, operation, actor, body)))
            .compose(answer -> send(context, answer))
            .onFailure(failure -> refuse(context, failure));
    }

    private Future<Answer> perform(RoutingContext context, Operation operation, Actor actor, Buffer body) {
        AdminCall call = call(context, operation, actor, body);
        String key = context.request().getHeader(IDEMPOTENCY);
        return key == null || !operation.method().equals("POST") ? administration.perform(call) : once(context, call, key, body);
    }

    private AdminCall call(RoutingContext context, Operation operation, Actor actor, Buffer body) {
        Map<String, String> path = new HashMap<>();
        for (Matcher name = PARAMETER.matcher(operation.path()); name.find();) {
            String value = context.pathParam(name.group(1));
            Contract.requirePathValue(value);
            path.put(name.group(1), value);
        }
        JsonObject json = json(context, body);
        contract.requireBody(operation, json);
        String match = context.request().getHeader(HttpHeaders.IF_MATCH);
        if (operation.needsMatch() && match == null) {
            throw Problem.preconditionRequired();
        }
        return new AdminCall(operation, actor, path, query(operation, context.request().query()), json, match, RequestId.origin(context, routes.addresses()), false);
    }

    private JsonObject query(Operation operation, String sent) {
        FormParameters parameters = FormParameters.parse(sent);
        List<String> known = contract.query(operation);
        parameters.names().stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
            throw Problem.invalid("The operation has no such query parameter; it has " + known);
        });
        JsonObject query = new JsonObject();
        known.stream().filter(parameters::has).forEach(name -> query.put(name, contract.parameter(name, parameters.single(name))));
        if (operation == Operation.SEARCH && !query.containsKey("q")) {
            throw Problem.invalid("The parameter q is missing");
        }
        return query;
    }

    private static JsonObject json(RoutingContext context, Buffer body) {
        if (body.length() == 0) {
            return new JsonObject();
        }
        String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null || !MediaTypes.is(type, MediaTypes.JSON)) {
            throw Problem.mediaType();
        }
        try {
            return StrictJson.object(body.getBytes());
        } catch (MalformedJson e) {
            throw Problem.invalid("The body is not one JSON object, or has a member twice");
        }
    }

    /** Performs a request once for each key. Failed requests change nothing, so that their key is free again. */
    private Future<Answer> once(RoutingContext context, AdminCall call, String key, Buffer body) {
        if (!key.matches("[\\x21-\\x7E]{1,200}")) {
            throw Problem.invalid("Idempotency-Key has 1 to 200 characters of printable ASCII without blanks");
        }
        String owner = call.actor().sub() + "\n" + call.actor().clientId();
        String fingerprint = SecretToken.hash(String.join("\n", call.operation().name(), context.request().uri(), body.toString()));
        return idempotency.begin(owner, key, fingerprint, clock.millis()).compose(use -> switch (use.state()) {
            case OTHER -> Future.failedFuture(Problem.unprocessable("The Idempotency-Key was used for another request"));
            case RUNNING -> Future.failedFuture(Problem.conflict("The first request with this Idempotency-Key is running"));
            case ANSWERED -> {
                context.response().putHeader("Idempotency-Replayed", "true");
                yield Future.succeededFuture(new Answer(use.answer().getInteger("status"), use.answer().getJsonObject("body"), use.answer().getString("tag"), null));
            }
            case NEW -> administration.perform(call)
                .compose(answer -> idempotency.finish(owner, key, new JsonObject().put("status", answer.status()).put("body", answer.body()).put("tag", answer.tag()), clock.millis())
                    .map(answer))
                .recover(failure -> idempotency.forget(owner, key).transform(forgotten -> Future.failedFuture(failure)));
        });
    }

    private static Future<Void> send(RoutingContext context, Answer answer) {
        HttpServerResponse response = context.response().setStatusCode(answer.status()).putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        if (answer.tag() != null) {
            response.putHeader(HttpHeaders.ETAG, answer.tag());
        }
        if (answer.lines() != null) {
            return response.putHeader(HttpHeaders.CONTENT_TYPE, "application/x-ndjson").end(answer.lines());
        }
        return answer.body() == null ? response.end() : response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json").end(answer.body().toBuffer());
    }

    private void refuse(RoutingContext context, Throwable failure) {
        if (context.response().ended() || context.response().closed()) {
            return;
        }
        Problem problem = failure instanceof Problem known ? known : problem(context, failure);
        RequestLog.reason(context, problem.getMessage());
        if (problem.challenge() != null) {
            OAuthErrorResponder.challenge(context, problem.challenge(), "admin:read admin:write");
        }
        context.response().setStatusCode(problem.status()).putHeader(HttpHeaders.CACHE_CONTROL, "no-store").putHeader(HttpHeaders.CONTENT_TYPE, PROBLEM)
            .end(problem.toJson(RequestId.of(context)).toBuffer());
    }

    /** Failures of the server become a problem. The log has the cause. */
    private static Problem problem(RoutingContext context, Throwable failure) {
        OAuthException refusal = OAuthErrorResponder.refusal(context, failure);
        if (refusal.code() == OAuthErrorCode.REQUEST_TOO_LONG) {
            return Problem.tooLong();
        }
        if (OAuthErrorResponder.isOfToken(refusal.code())) {
            return Problem.ofToken(refusal);
        }
        if (refusal.code() == OAuthErrorCode.TEMPORARILY_UNAVAILABLE) {
            context.response().putHeader(HttpHeaders.RETRY_AFTER, "1");
            return Problem.ofServer(503, refusal.description());
        }
        return refusal.code().status() >= 500 ? Problem.ofServer(500, "See the log of the server for this request_id") : Problem.invalid(refusal.description());
    }
}
