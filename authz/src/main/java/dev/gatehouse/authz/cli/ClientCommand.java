package dev.gatehouse.authz.cli;

import dev.gatehouse.authz.cli.ClientStatement.Decided;
import dev.gatehouse.authz.cli.DocumentsCommand.ApproveCommand;
import dev.gatehouse.authz.cli.DocumentsCommand.BlockCommand;
import dev.gatehouse.authz.client.Client;
import dev.gatehouse.authz.client.auth.ClientSecrets;
import dev.gatehouse.shared.cli.CommandGroup;
import dev.gatehouse.shared.cli.Listing;
import dev.gatehouse.shared.config.StartupException;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The applications that may ask for tokens, and the servers that may introspect them. */
@Command(name = "client", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", addMethodSubcommands = false,
    subcommands = {ApproveCommand.class, BlockCommand.class, DocumentsCommand.class},
    description = {"Add, list, show and delete clients, and rotate their secrets.", "A generated secret is shown once and cannot be shown again."})
final class ClientCommand extends CommandGroup {

    private static final String SECRET_PREFIX = "ghs_";

    private final Clock clock = Clock.systemUTC();

    @Command(mixinStandardHelpOptions = true, description = "Add a client.")
    void add(@Parameters(paramLabel = "CLIENT_ID", description = "The identifier that the client sends.") String clientId,
             @Mixin NewClient registration, @Mixin ClientSettings settings, @Mixin StoreOptions store) {
        String secret = registration.hasSecret() ? SecretToken.generate(SECRET_PREFIX) : null;
        List<Client.Secret> secrets = secret == null ? List.of()
            : List.of(new Client.Secret(ClientSecrets.storedForm(secret), clock.millis(), null));
        Optional<Decided> added = store.use(stores -> Future.succeededFuture(registration)
            .map(sent -> ClientStatement.added(clientId, sent, settings, stores.options(), secrets, clock.millis()))
            .compose(decided -> stores.clients().add(decided.client()).map(done -> done ? Optional.of(decided) : Optional.empty())));
        Decided decided = added.orElseThrow(() ->
            new StartupException("The client " + clientId + " already exists. Nothing was changed."));
        done(store, "client_added", clientId, "client_id:     " + clientId);
        tellOmissions(decided);
        if (secret != null) {
            out().println("client_secret: " + secret);
        }
    }

    @Command(mixinStandardHelpOptions = true, description = {"Change a client or its policy.",
        "Existing grants do not change. Running servers apply the change within a second."})
    void update(@Parameters(paramLabel = "CLIENT_ID") String clientId, @Mixin ClientChanges changes, @Mixin ClientSettings settings,
                @Mixin StoreOptions store) {
        Optional<Decided> updated = store.use(stores -> stores.clients().find(clientId)
            .map(found -> ClientStatement.changed(found.orElseThrow(() -> notFound(clientId)), changes, settings, stores.options()))
            .compose(decided -> stores.clients().update(decided.client(), clock.millis())
                .map(done -> done ? Optional.of(decided) : Optional.empty())));
        Decided decided = updated.orElseThrow(() -> notFound(clientId));
        done(store, "client_updated", clientId, "Client " + clientId + " updated.");
        tellOmissions(decided);
    }

    @Command(mixinStandardHelpOptions = true, description = "List all clients.")
    void list(@Mixin Listing.Format format, @Mixin StoreOptions store) {
        List<Client> all = store.use(stores -> stores.clients().list());
        Listing clients = format.isJson()
            ? new Listing("client_id", "client_name", "type", "registration", "grant_types", "scope", "redirect_uris", "created_at")
            : new Listing("client_id", "client_name", "type", "registration", "grants");
        all.forEach(client -> {
            String type = client.isPublic() ? "public" : "confidential";
            List<String> grants = client.grantTypes().stream().sorted().toList();
            if (format.isJson()) {
                clients.add(client.id(), client.name(), type, client.kind().wireName(), grants, client.scopes(), client.redirectUris(),
                    Instant.ofEpochMilli(client.createdAt()));
            } else {
                clients.add(client.id(), client.name(), type, client.kind().wireName(), grants.stream().map(ClientCommand::shortName).toList());
            }
        });
        clients.print(out(), format);
    }

    /** The last part of a grant type that is a URN. */
    private static String shortName(String grantType) {
        return grantType.substring(grantType.lastIndexOf(':') + 1);
    }

    @Command(mixinStandardHelpOptions = true, description = "Show a client, without its secrets.")
    void show(@Parameters(paramLabel = "CLIENT_ID") String clientId, @Mixin StoreOptions store) {
        Client client = store.use(stores -> stores.clients().find(clientId)).orElseThrow(() -> notFound(clientId));
        line("client", client.id());
        line("name", client.name());
        line("type", client.isPublic() ? "public" : "confidential");
        line("authentication", String.join(" ", client.authMethods().stream().map(method -> method.wireName()).sorted().toList()));
        line("grants", String.join(" ", client.grantTypes().stream().sorted().toList()));
        line("scopes", client.scopes().toString());
        client.redirectUris().forEach(uri -> line("redirect URI", uri));
        client.servedResources().forEach(resource -> line("serves", resource));
        line("registration", client.kind().wireName());
        client.metadata().members().forEach(member -> line(member.getKey(), String.valueOf(member.getValue())));
        client.policy().toJson().forEach(decision -> line("policy", decision.getKey() + " " + decision.getValue()));
        line("added", Instant.ofEpochMilli(client.createdAt()).toString());
        client.secrets().forEach(secret -> line("secret", "of " + Instant.ofEpochMilli(secret.createdAt())
            + (secret.expiresAt() == null ? "" : ", until " + Instant.ofEpochMilli(secret.expiresAt()))));
        out().flush();
    }

    @Command(mixinStandardHelpOptions = true, description = "Delete a client with its grants and tokens.")
    void delete(@Parameters(paramLabel = "CLIENT_ID") String clientId, @Mixin StoreOptions store) {
        if (!store.use(stores -> stores.clients().delete(clientId, clock.millis()))) {
            throw notFound(clientId);
        }
        done(store, "client_deleted", clientId, "Client " + clientId + " deleted; its tokens have ended.");
    }

    @Command(name = "rotate-secret", mixinStandardHelpOptions = true, description = "Create a new secret for a confidential client.")
    void rotateSecret(@Parameters(paramLabel = "CLIENT_ID") String clientId,
                      @Option(names = "--overlap-seconds", defaultValue = "3600", paramLabel = "N",
                          description = "Seconds for which the former secret stays valid (default: ${DEFAULT-VALUE}).") long overlap,
                      @Mixin StoreOptions store) {
        String secret = SecretToken.generate(SECRET_PREFIX);
        long now = clock.millis();
        Client client = store.use(stores -> stores.clients().find(clientId)).orElseThrow(() -> notFound(clientId));
        if (client.isPublic()) {
            throw new StartupException("The client " + clientId + " is public and has no secret. Nothing was changed.");
        }
        store.use(stores -> stores.clients().rotateSecret(clientId, new Client.Secret(ClientSecrets.storedForm(secret), now, null),
            now + Math.max(0, overlap) * 1000));
        done(store, "client_secret_rotated", clientId, "client_id:     " + clientId);
        out().println("client_secret: " + secret);
    }

    @Command(name = "initial-token", mixinStandardHelpOptions = true,
        description = "Print an initial access token, for servers where registration requires one (RFC 7591).")
    void initialToken(@Option(names = "--uses", defaultValue = "1", paramLabel = "N",
                          description = "Number of clients that may register with the token (default: ${DEFAULT-VALUE}).") int uses,
                      @Option(names = "--hours", defaultValue = "24", paramLabel = "N",
                          description = "Lifetime of the token in hours (default: ${DEFAULT-VALUE}).") int hours,
                      @Mixin StoreOptions store) {
        String token = SecretToken.generate("ghi_");
        long now = clock.millis();
        store.use(stores -> stores.registrations().allow(SecretToken.hash(token), uses, now, now + hours * 3_600_000L));
        store.audit("initial_token_made", "uses", uses);
        out().println(token);
    }

    private void tellOmissions(Decided decided) {
        decided.omissions().forEach(omission -> spec.commandLine().getErr().println("Left out: " + omission));
    }

    private static StartupException notFound(String clientId) {
        return new StartupException("There is no client " + clientId + ". 'gatehouse client list' lists them.");
    }

    private void line(String name, String value) {
        Listing.field(out(), name, value);
    }

    private void done(StoreOptions store, String event, String clientId, String message) {
        store.audit(event, "client_id", clientId);
        out().println(message);
    }
}
