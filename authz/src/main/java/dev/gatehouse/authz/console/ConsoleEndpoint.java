package dev.gatehouse.authz.console;

import dev.gatehouse.authz.admin.Actors;
import dev.gatehouse.authz.admin.AdminCall;
import dev.gatehouse.authz.admin.AdminCall.Actor;
import dev.gatehouse.authz.admin.AdminCall.Answer;
import dev.gatehouse.authz.admin.Administration;
import dev.gatehouse.authz.admin.Contract;
import dev.gatehouse.authz.admin.Operation;
import dev.gatehouse.authz.admin.Problem;
import dev.gatehouse.authz.console.ConsolePage.Link;
import dev.gatehouse.authz.console.ConsolePage.Section;
import dev.gatehouse.authz.page.BrowserCookies;
import dev.gatehouse.authz.page.FormGuard;
import dev.gatehouse.authz.page.PageException;
import dev.gatehouse.authz.page.Pages;
import dev.gatehouse.shared.http.ClientAddress;
import dev.gatehouse.shared.http.FormParameters;
import dev.gatehouse.shared.http.RequestId;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * {@code /admin}: the console. Its session is an access token for the API in a cookie, so that the same rules decide. It performs the same
 * operations.
 */
public final class ConsoleEndpoint {

    public static final String PATH = "/admin";
    /** The changes for which a recent login is needed. */
    private static final Set<Operation> DANGEROUS = EnumSet.of(Operation.SET_ROLE, Operation.DELETE_USER, Operation.LINK_IDENTITY, Operation.UNLINK_IDENTITY, Operation.CREATE_CLIENT,
        Operation.CHANGE_CLIENT, Operation.DELETE_CLIENT, Operation.ROTATE_SECRET, Operation.DECIDE_DOCUMENT, Operation.ROTATE_KEY, Operation.REMOVE_KEY, Operation.REPLACE_POLICY,
        Operation.CONFIRM_CHANGE, Operation.DELETE_GROUP);
    private static final long RECENT_MILLIS = 300_000;

    private final Administration administration;
    private final Actors actors;
    private final Contract contract;
    private final ConsoleSignIn signIn;
    private final FormGuard guard;
    private final BrowserCookies cookies;
    private final Pages pages;
    private final ClientAddress addresses;
    private final String base;
    private final Clock clock;

    /** @param base the path of the issuer */
    public ConsoleEndpoint(Administration administration, Actors actors, Contract contract, ConsoleSignIn signIn, FormGuard guard, BrowserCookies cookies, Pages pages,
                           ClientAddress addresses, String base, Clock clock) {
        this.administration = administration;
        this.actors = actors;
        this.contract = contract;
        this.signIn = signIn;
        this.guard = guard;
        this.cookies = cookies;
        this.pages = pages;
        this.addresses = addresses;
        this.base = base + PATH;
        this.clock = clock;
    }

    /** The paths of the pages below that of the console. */
    public static List<String> pages() {
        return Arrays.stream(ConsoleView.values()).map(ConsoleView::path).toList();
    }

    /** A session of the console. */
    private record Session(Actor actor, String token) {
    }

    /** Handles a request of a signed-in user with a role. Another browser signs in first. */
    private Future<Void> signedIn(RoutingContext context, Operation operation, Function<Session, Future<Void>> page) {
        String token = signIn.token(context);
        return token == null ? signIn.start(context, place(context))
            : actors.of(token, operation).map(actor -> new Session(actor, token)).compose(page).recover(failure -> failure instanceof Problem problem
                ? problem.status() == 401 ? signIn.start(context, place(context)) : Future.failedFuture(explain(problem)) : Future.failedFuture(failure));
    }

    private static PageException explain(Problem problem) {
        return PageException.of(problem.status(), problem.status() == 404 ? "Not found" : problem.status() == 403 ? "You may not do this" : "This did not work", problem.getMessage() + ".");
    }

    /** The page to which the browser returns after the sign-in. A form returns to its own page. */
    private String place(RoutingContext context) {
        return context.request().method().name().equals("GET") ? context.request().uri() : base;
    }

    /** Shows a page. @param name the path below that of the console */
    public Future<Void> get(RoutingContext context, String name) {
        FormParameters query = FormParameters.parse(context.request().query());
        return signedIn(context, Operation.OVERVIEW, session -> show(context, session, ConsoleView.of(name), query, 200, "", null)
            .recover(failure -> failure instanceof Problem problem && problem.status() != 401
                ? send(context, session, ConsoleView.of(name), query, problem.status(), problem.getMessage() + ".", List.of()) : Future.failedFuture(failure)));
    }

    /** Sends the events of the filter as a file. */
    public Future<Void> export(RoutingContext context) {
        FormParameters query = FormParameters.parse(context.request().query());
        return signedIn(context, Operation.EXPORT_AUDIT, session -> perform(context, session.actor(), Operation.EXPORT_AUDIT, Map.of(), typed(Operation.EXPORT_AUDIT, query), new JsonObject(), null)
            .compose(answer -> context.response().putHeader("Cache-Control", "no-store").putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Content-Disposition", "attachment; filename=\"audit.jsonl\"").putHeader("Content-Type", "application/x-ndjson").end(answer.lines())));
    }

    private JsonObject typed(Operation operation, FormParameters query) {
        JsonObject typed = new JsonObject();
        contract.query(operation).stream().filter(query::has).forEach(name -> typed.put(name, contract.parameter(name, query.single(name))));
        return typed;
    }

    private Future<Answer> perform(RoutingContext context, Actor actor, Operation operation, Map<String, String> path, JsonObject query, JsonObject body, String tag) {
        path.values().forEach(Contract::requirePathValue);
        contract.requireBody(operation, body);
        return administration.perform(new AdminCall(operation, actor, path, query, body, tag, RequestId.origin(context, addresses), false));
    }

    private Future<Void> show(RoutingContext context, Session session, ConsoleView view, FormParameters query, int status, String error, JsonObject explanation) {
        ConsoleRequest request = new ConsoleRequest(session.actor(), query, base, (operation, path, sent) -> {
            sent.forEach(each -> contract.parameter(each.getKey(), each.getValue().toString()));
            return perform(context, session.actor(), operation, path, sent, new JsonObject(), null);
        }, explanation);
        return Future.succeededFuture(request).compose(view::sections).compose(sections -> send(context, session, view, query, status, error, sections));
    }

    private Future<Void> send(RoutingContext context, Session session, ConsoleView view, FormParameters query, int status, String error, List<Section> sections) {
        List<Section> numbered = new ArrayList<>();
        sections.forEach(section -> numbered.add(section.numbered(numbered.size())));
        List<Link> links = Arrays.stream(ConsoleView.values()).filter(each -> each.isListed(session.actor().role()))
            .map(each -> new Link(each.label(), base + each.path(), each.isMarked(view))).toList();
        String back = context.request().method().name().equals("GET") ? context.request().uri() : back(query);
        return name(context, session).compose(name -> pages.send(context, status, new ConsolePage(view.title(), name, base + "/act", back, csrf(context, session), notice(query),
            error, links, view == ConsoleView.SEARCH && query.has("q") ? query.single("q") : "", numbered)));
    }

    /** The name of the user, with the role. */
    private Future<String> name(RoutingContext context, Session session) {
        return perform(context, session.actor(), Operation.READ_USER, Map.of("sub", session.actor().sub()), new JsonObject(), new JsonObject(), null).map(found -> {
            String username = found.body().getString("username");
            String name = found.body().getString("name");
            return (name == null ? username : name + " (" + username + ")") + ", " + session.actor().role().wireName();
        });
    }

    /** Confirms a change after its redirect. The parameter selects one of the fixed texts. */
    private static String notice(FormParameters query) {
        return switch (String.valueOf(query.single("done"))) {
            case "changed" -> "The change was made.";
            case "waits" -> "The change waits for a second owner.";
            case "again" -> "You have signed in again. Repeat the change within five minutes.";
            default -> "";
        };
    }

    private String csrf(RoutingContext context, Session session) {
        return SecretToken.hash(String.join("\n", "console", cookies.browserOrNew(context), session.token()));
    }

    /** Performs the operation of a form. */
    public Future<Void> act(RoutingContext context) {
        return guard.readOwn(context).compose(form -> {
            Optional<Operation> named = Operation.byId(String.valueOf(form.single("operation")));
            if (named.isEmpty()) {
                return signOut(context, form);
            }
            Operation operation = named.get();
            return signedIn(context, operation, session -> {
                FormGuard.requireToken(form, csrf(context, session));
                boolean stale = DANGEROUS.contains(operation) && clock.millis() - session.actor().authenticatedAt() >= RECENT_MILLIS;
                return stale ? signIn.start(context, withParameter(back(form), "done", "again")) : act(context, session, operation, form);
            });
        });
    }

    private Future<Void> signOut(RoutingContext context, FormParameters form) {
        String token = signIn.token(context);
        return token == null ? Pages.redirect(context, base) : actors.of(token, Operation.OVERVIEW).compose(actor -> {
            FormGuard.requireToken(form, csrf(context, new Session(actor, token)));
            return signIn.end(context, actor);
        }).recover(failure -> failure instanceof Problem ? signIn.start(context, base) : Future.failedFuture(failure));
    }

    private Future<Void> act(RoutingContext context, Session session, Operation operation, FormParameters form) {
        Map<String, String> path = new HashMap<>();
        Map<String, String> body = new LinkedHashMap<>();
        form.names().forEach(name -> {
            if (name.startsWith("path.")) {
                path.put(name.substring(5), form.single(name).strip());
            } else if (name.startsWith("body.")) {
                body.put(name.substring(5), form.single(name));
            }
        });
        return Future.succeededFuture(operation).map(asked -> contract.body(asked, body, cleared(form)))
            .compose(json -> (operation == Operation.ADD_MEMBER ? named(context, session, path) : Future.succeededFuture()).map(json))
            .compose(json -> perform(context, session.actor(), operation, path, new JsonObject(), json, form.single("tag"))
                .compose(answer -> done(context, session, operation, form, json, answer)))
            .recover(failure -> failure instanceof Problem problem ? refused(context, session, form, problem) : Future.failedFuture(failure));
    }

    /** Replaces the username of a new member by the subject. */
    private Future<Void> named(RoutingContext context, Session session, Map<String, String> path) {
        String typed = path.getOrDefault("sub", "");
        return typed.isEmpty() ? Future.succeededFuture() : perform(context, session.actor(), Operation.LIST_USERS, Map.of(),
            new JsonObject().put("username", contract.parameter("username", typed)).put("limit", 1), new JsonObject(), null).map(found -> {
                ConsoleRequest.items(found.body()).forEach(user -> path.put("sub", user.getString("sub")));
                return null;
            });
    }

    /** Fields that the user has emptied. A form parser leaves out empty values. */
    private static Set<String> cleared(FormParameters form) {
        return "changeUser".equals(form.single("operation")) && !form.has("body.disabled") ? Set.of("name", "email") : Set.of();
    }

    private Future<Void> done(RoutingContext context, Session session, Operation operation, FormParameters form, JsonObject body, Answer answer) {
        if (operation == Operation.EXPLAIN_POLICY) {
            JsonObject asked = body.getJsonObject("caller", new JsonObject()).copy().put("groups", form.has("body.caller.groups") ? form.single("body.caller.groups") : "")
                .put("tool", body.getString("tool")).put("arguments", body.getJsonObject("arguments", new JsonObject()).encode());
            return show(context, session, ConsoleView.POLICY, FormParameters.parse(FormParameters.encode(Map.of("id", form.required("path.name"), "back", back(form)))), 200, "",
                answer.body().copy().put("text", body.getString("text", "")).put("asked", asked));
        }
        String secret = answer.body() == null ? null : answer.body().getString("client_secret");
        if (secret != null) {
            // A secret is shown once, in the response to the form alone.
            return name(context, session).compose(name -> pages.send(context, 200, new ConsolePage("New secret", name, base + "/act", base, csrf(context, session),
                "The change was made.", "", List.of(new Link("Back", base + "/client?" + FormParameters.encode(Map.of("id", answer.body().getString("client_id"))), false)), "",
                List.of(Section.of("Secret of " + answer.body().getString("client_id")).text("Copy it now. It is not shown again.").preformatted(secret)))));
        }
        return Pages.redirect(context, withParameter(after(operation, form, answer), "done", answer.status() == 202 ? "waits" : "changed"));
    }

    /** The page after a change: the list if the object of the page is gone, the page of a new object, else the same page. */
    private String after(Operation operation, FormParameters form, Answer answer) {
        return switch (operation) {
            case DELETE_USER -> base + "/users";
            case DELETE_CLIENT -> base + "/clients";
            case DELETE_GROUP -> base + "/groups";
            case REPLACE_POLICY -> base + "/policy?" + FormParameters.encode(Map.of("id", form.required("path.name")));
            case CREATE_USER -> base + "/user?" + FormParameters.encode(Map.of("id", answer.body().getString("sub")));
            case CREATE_CLIENT -> base + "/client?" + FormParameters.encode(Map.of("id", answer.body().getString("client_id")));
            default -> back(form);
        };
    }

    /** The page of the form again, with the reason. */
    private Future<Void> refused(RoutingContext context, Session session, FormParameters form, Problem problem) {
        String back = back(form);
        String[] parts = back.substring(base.length()).split("\\?", 2);
        if (!pages().contains(parts[0])) {
            return Future.failedFuture(problem);
        }
        FormParameters query = FormParameters.parse((parts.length < 2 ? "" : parts[1] + "&") + FormParameters.encode(Map.of("back", back)));
        return show(context, session, ConsoleView.of(parts[0]), query, problem.status() == 412 || problem.status() == 428 ? 409 : problem.status(), problem.getMessage() + ". Nothing was changed.", null);
    }

    /** The page of a form, without the confirmation of an earlier change. A URL of another place is replaced. */
    private String back(FormParameters form) {
        String back = form.single("back");
        boolean own = back != null && (back.equals(base) || back.startsWith(base + "/") || back.startsWith(base + "?")) && back.chars().noneMatch(c -> c <= ' ' || c == '\\' || c > '~');
        return own ? back.replaceAll("([?&])done=\\w*&?", "$1").replaceAll("[?&]$", "") : base;
    }

    private static String withParameter(String url, String name, String value) {
        return FormParameters.addTo(url, Map.of(name, value));
    }

    /** Finishes the sign-in. */
    public Future<Void> callback(RoutingContext context) {
        return signIn.finish(context, RequestId.origin(context, addresses)).recover(failure -> failure instanceof OAuthException
            ? Future.failedFuture(PageException.of(403, "The sign-in did not work", "Open the console and sign in again.")) : Future.failedFuture(failure));
    }
}
