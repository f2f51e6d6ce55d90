package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.admin.AdminCall.Answer;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.Client.RegistrationKind;
import dev.gatehouse.authz.client.ClientAuthMethod;
import dev.gatehouse.authz.client.ClientDescription;
import dev.gatehouse.authz.client.ClientPolicy;
import dev.gatehouse.authz.client.ClientStore;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.client.RegistrationRules;
import dev.gatehouse.authz.client.RegistrationRules.Registrable;
import dev.gatehouse.authz.client.RequestedMetadata;
import dev.gatehouse.authz.client.RequestedMetadata.Omission;
import dev.gatehouse.authz.client.auth.ClientSecrets;
import dev.gatehouse.authz.client.document.DocumentChanges;
import dev.gatehouse.authz.client.document.DocumentReader;
import dev.gatehouse.authz.client.document.DocumentStore;
import dev.gatehouse.authz.client.document.DocumentStore.DocumentDecision;
import dev.gatehouse.authz.client.document.DocumentStore.StoredDocument;
import dev.gatehouse.authz.scope.ScopePolicy;
import dev.gatehouse.authz.scope.ScopePolicy.ScopeOptions;
import dev.gatehouse.shared.oauth.OAuthException;
import dev.gatehouse.shared.oauth.ResourceId;
import dev.gatehouse.shared.oauth.Scopes;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Stream;

import static dev.gatehouse.authz.admin.PeopleStore.time;

/** The operations on clients and on client metadata documents. */
public final class Applications {

    private static final String SECRET_PREFIX = "ghs_";
    private static final long LONGEST_OVERLAP_SECONDS = 3_600;
    private static final String METHODS = "token_endpoint_auth_methods_supported";
    private static final String SERVED = "served_resources";
    /** The members that an operator changes also for a client that registered itself. */
    private static final Set<String> OF_EACH_KIND = Set.of("client_name", "redirect_uris", "grant_types", "scope", "policy");

    private final ClientStore clients;
    private final DocumentStore documents;
    private final DocumentReader reader;
    private final BiFunction<Set<String>, List<String>, RegistrationRules> rules;
    private final List<String> scopes;
    private final Clock clock;

    /**
     * @param rules the rules for clients of operators, by the grant types of a client that names none and the scopes that it may have
     * @param scopes all scopes of users
     */
    public Applications(ClientStore clients, DocumentStore documents, DocumentReader reader, BiFunction<Set<String>, List<String>, RegistrationRules> rules, List<String> scopes,
                 Clock clock) {
        this.clients = clients;
        this.documents = documents;
        this.reader = reader;
        this.rules = rules;
        this.scopes = scopes;
        this.clock = clock;
    }

    Future<Answer> list(AdminCall call) {
        String[] after = call.cursor(1);
        String kind = call.text("kind");
        return clients.page(after == null ? "" : after[0], kind == null ? "" : kind, PeopleStore.containing(call.text("q") == null ? "" : call.text("q")), call.limit() + 1)
            .map(found -> Answer.page(found.stream().map(Applications::json).toList(), call.limit(), last -> AdminCall.cursorOf(last.getString("client_id"))));
    }

    private static JsonObject json(Client client) {
        JsonArray secrets = new JsonArray();
        client.secrets().forEach(secret -> secrets.add(new JsonObject().put("created_at", time(secret.createdAt())).put("expires_at", time(secret.expiresAt()))));
        return ClientDescription.of(client).toJson().put("client_id", client.id()).put("client_name", client.name()).put("kind", client.kind().wireName())
            .put("public", client.isPublic()).put("served_resources", new JsonArray(client.servedResources())).put("policy", client.policy().toJson())
            .put("secrets", secrets).put("created_at", time(client.createdAt()));
    }

    Future<Answer> read(AdminCall call) {
        return clients.find(call.path("client_id")).map(found -> Answer.tagged(json(found.orElseThrow(Applications::missing))));
    }

    private static Problem missing() {
        return Problem.notFound("There is no such client");
    }

    Future<Answer> create(AdminCall call) {
        JsonObject body = call.body();
        String id = body.getString("client_id", "client-" + SecretToken.encode(SecretToken.randomBytes(9)));
        String problem = Client.problemOfIdentifier(id);
        if (problem != null) {
            throw Problem.unprocessable(problem);
        }
        if (!body.containsKey(METHODS) && !body.containsKey("token_endpoint_auth_method")) {
            body.put(METHODS, new JsonArray().add("client_secret_basic").add("client_secret_post"));
        }
        List<String> served = resources(body, SERVED);
        Registrable decided = check(call, body, defaultGrants(body, served));
        String secret = decided.description().hasSecret() ? SecretToken.generate(SECRET_PREFIX) : null;
        Client client = governed(call, decided.description().client(id, id, secret == null ? List.of()
            : List.of(new Client.Secret(ClientSecrets.storedForm(secret), clock.millis(), null)), served, clock.millis(), RegistrationKind.PRE_REGISTERED));
        return clients.add(client).map(added -> {
            if (!added) {
                throw Problem.conflict("There is another client with this identifier");
            }
            JsonObject created = json(client);
            Answer answer = Answer.created(created);
            created.put("omitted", new JsonArray(decided.omissions().stream().map(Omission::toString).toList()));
            if (secret != null) {
                created.put("client_secret", secret);
            }
            return answer;
        });
    }

    private static Set<String> defaultGrants(JsonObject body, List<String> served) {
        return !body.getJsonArray("redirect_uris", new JsonArray()).isEmpty() ? GrantType.USUAL
            : served.isEmpty() ? Set.of(GrantType.CLIENT_CREDENTIALS.wireName()) : Set.of();
    }

    private static List<String> resources(JsonObject body, String member) {
        try {
            return body.getJsonArray(member, new JsonArray()).stream().map(each -> ResourceId.parse(each.toString()).value()).distinct().toList();
        } catch (OAuthException refusal) {
            throw Problem.unprocessable(member + ": " + refusal.description());
        }
    }

    /** The client with the decisions of the body. Those that are absent stay, and one that is null gets its default. */
    private static Client governed(AdminCall call, Client client) {
        JsonObject decisions = call.body().getJsonObject("policy", new JsonObject()).copy();
        if (decisions.getValue("resources") != null) {
            decisions.put("resources", new JsonArray(resources(decisions, "resources")));
        }
        JsonObject policy = client.policy().toJson().mergeIn(decisions);
        policy.getMap().values().removeIf(Objects::isNull);
        Client governed = client.withPolicy(ClientPolicy.of(policy));
        String problem = governed.problemOfPolicy();
        if (problem != null) {
            throw Problem.unprocessable(problem);
        }
        return governed;
    }

    private Registrable check(AdminCall call, JsonObject metadata, Set<String> defaultGrants) {
        Scopes asked = Scopes.parse(metadata.getString("scope"));
        boolean administers = ScopePolicy.hasAdministrative(asked);
        if (administers && !call.actor().isOwner()) {
            throw Problem.forbidden("Only an owner gives a client a scope of the administration");
        }
        try {
            // A client has the scopes of the administration only if they are named.
            List<String> nameable = administers ? Stream.concat(scopes.stream(), ScopePolicy.ADMINISTRATION.stream().map(ScopeOptions::name)).toList() : scopes;
            return rules.apply(defaultGrants, nameable).check(RequestedMetadata.of(metadata));
        } catch (OAuthException refusal) {
            throw Problem.unprocessable(refusal.description());
        }
    }

    Future<Answer> change(AdminCall call) {
        return clients.edit(call.path("client_id"), client -> {
            requireChangeable(call, client);
            return changed(call, client);
        }, clock.millis()).map(found -> Answer.tagged(json(found.orElseThrow(Applications::missing))));
    }

    private void requireChangeable(AdminCall call, Client client) {
        if (client.id().equals(AdminOptions.CONSOLE_CLIENT)) {
            throw Problem.forbidden("The client of the console belongs to the server");
        }
        if (ScopePolicy.hasAdministrative(client.scopes()) && !call.actor().isOwner()) {
            throw Problem.forbidden("Only an owner changes a client that has a scope of the administration");
        }
        call.requireMatch(json(client));
    }

    /** The client with the members of the body. Those that are absent stay. */
    private Client changed(AdminCall call, Client client) {
        JsonObject body = call.body();
        boolean own = client.isOperatorRegistered();
        if (!own && !OF_EACH_KIND.containsAll(body.fieldNames())) {
            throw Problem.unprocessable("The client registers its metadata itself; an operator changes only " + OF_EACH_KIND);
        }
        JsonObject metadata = client.metadata().members().copy().put("client_name", client.name())
            .put(METHODS, new JsonArray(client.authMethods().stream().map(ClientAuthMethod::wireName).toList()))
            .put("redirect_uris", new JsonArray(client.redirectUris())).put("grant_types", new JsonArray(List.copyOf(client.grantTypes())));
        Registrable checked = check(call, metadata.mergeIn(body), Set.of());
        checked.omissions().stream().filter(each -> body.containsKey(each.member())).findFirst().ifPresent(each -> {
            throw Problem.unprocessable(each.toString());
        });
        ClientDescription decided = checked.description();
        Set<String> grants = body.containsKey("grant_types") ? decided.grantTypes() : null;
        Scopes chosen = body.containsKey("scope") ? decided.scopes() : null;
        return governed(call, new Client(client.id(), body.containsKey("client_name") && decided.name() != null ? decided.name() : client.name(), client.secrets(),
            client.authMethods(), body.containsKey("redirect_uris") ? decided.redirectUris() : client.redirectUris(), grants == null ? client.grantTypes() : grants,
            chosen == null ? client.scopes() : chosen, body.containsKey(SERVED) ? resources(body, SERVED) : client.servedResources(), client.createdAt(), client.kind(),
            own ? decided.metadata() : client.metadata(), own ? client.policy() : client.policy().bounded(grants, chosen)));
    }

    Future<Answer> delete(AdminCall call) {
        return clients.delete(call.path("client_id"), client -> requireChangeable(call, client), clock.millis()).map(deleted -> {
            if (!deleted) {
                throw missing();
            }
            return Answer.none();
        });
    }

    Future<Answer> rotateSecret(AdminCall call) {
        String id = call.path("client_id");
        String secret = SecretToken.generate(SECRET_PREFIX);
        long now = clock.millis();
        long overlap = call.body().getLong("overlap_seconds", LONGEST_OVERLAP_SECONDS) * 1000;
        return clients.find(id).compose(found -> {
            Client client = found.orElseThrow(Applications::missing);
            requireChangeable(call, client);
            if (!ClientDescription.of(client).hasSecret()) {
                throw Problem.conflict("The client authenticates without a secret");
            }
            return clients.rotateSecret(id, new Client.Secret(ClientSecrets.storedForm(secret), now, null), now + overlap);
        }).map(rotated -> new Answer(201, new JsonObject().put("client_id", id).put("client_secret", secret), null, null));
    }

    Future<Answer> listDocuments(AdminCall call) {
        String[] after = call.cursor(1);
        return documents.list().map(all -> Answer.page(all.stream().filter(each -> after == null || each.url().compareTo(after[0]) > 0)
            .sorted((one, other) -> one.url().compareTo(other.url())).limit(call.limit() + 1L).map(Applications::json).toList(), call.limit(),
            last -> AdminCall.cursorOf(last.getString("url"))));
    }

    private static JsonObject json(StoredDocument document) {
        return new JsonObject().put("url", document.url()).put("decision", document.decision().wireName()).put("client_name", document.client() == null ? null : document.client().name())
            .put("consented_at", document.client() == null ? null : time(document.consentedAt()));
    }

    /** Fetches the document, as the authorization endpoint would. */
    Future<Answer> readDocument(AdminCall call) {
        String url = requireUrl(call.path("url"));
        return documents.find(url).compose(stored -> reader.read(url).map(current -> {
            JsonArray changes = new JsonArray(stored.client() == null ? List.of() : DocumentChanges.between(stored.client(), current.client()));
            return json(stored).put("current", ClientDescription.of(current.client()).toJson().put("omitted", new JsonArray(current.omissions()))).put("changes", changes);
        }).otherwise(failure -> json(stored).put("problem", failure instanceof OAuthException refusal ? refusal.description() : "The document could not be fetched")))
            .map(Answer::tagged);
    }

    private static String requireUrl(String url) {
        if (!url.matches("https?://[^/\\s]+/\\S+") || url.length() > 2000) {
            throw Problem.notFound("This is not the URL of a metadata document");
        }
        return url;
    }

    Future<Answer> decide(AdminCall call) {
        String url = requireUrl(call.path("url"));
        return documents.find(url).map(stored -> {
            call.requireMatch(json(stored));
            return stored;
        }).compose(stored -> documents.decide(url, DocumentDecision.of(call.body().getString("decision")), clock.millis()))
            .compose(decided -> documents.find(url)).map(stored -> Answer.tagged(json(stored)));
    }

    /** The clients that match a text, for the search. */
    Future<List<JsonObject>> search(String text, int limit) {
        return clients.page("", "", PeopleStore.containing(text), limit).map(found -> found.stream().map(Applications::json).toList());
    }
}
