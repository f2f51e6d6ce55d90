package dev.gatehouse.authz.factor;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestedCredentialDataConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.attestation.statement.NoneAttestationStatement;
import com.webauthn4j.data.client.CollectedClientData;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.data.extension.authenticator.AuthenticationExtensionsAuthenticatorOutputs;
import com.webauthn4j.server.ServerProperty;
import dev.gatehouse.authz.client.auth.UsedIdentifierStore;
import dev.gatehouse.authz.factor.PasskeyStore.StoredPasskey;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.shared.oauth.Issuer;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * Registers and checks passkeys (WebAuthn Level 2 §7). webauthn4j parses and verifies; attestation is not asked for, because any authenticator
 * of the user's choice will do.
 */
public final class Passkeys {

    private static final List<COSEAlgorithmIdentifier> ALGORITHMS =
        List.of(COSEAlgorithmIdentifier.ES256, COSEAlgorithmIdentifier.EdDSA, COSEAlgorithmIdentifier.RS256);
    private static final long TIMEOUT_MILLIS = 300_000;
    private static final int LONGEST = 16 * 1024;

    private final Vertx vertx;
    private final PasskeyStore store;
    private final PasskeyChallenges challenges;
    private final String host;
    private final Origin origin;
    private final Clock clock;

    public Passkeys(Vertx vertx, PasskeyStore store, UsedIdentifierStore used, MasterKey key, Issuer issuer, Clock clock) {
        this.vertx = vertx;
        this.store = store;
        this.challenges = new PasskeyChallenges(used, key, clock);
        URI url = URI.create(issuer.identifier());
        this.host = url.getHost();
        this.origin = Origin.create(url.getScheme() + "://" + url.getRawAuthority());
        this.clock = clock;
    }

    /** Returns whether browsers allow passkeys for an issuer: its host must have a name. */
    public static boolean arePossible(Issuer issuer) {
        String host = URI.create(issuer.identifier()).getHost();
        return !host.startsWith("[") && !host.matches("[0-9.]+");
    }

    /** Returns the passkeys of a user. */
    public Future<List<StoredPasskey>> of(String sub) {
        return store.of(sub);
    }

    /** Removes a passkey of a user. Returns false if the user has no such passkey. */
    public Future<Boolean> remove(String sub, String credentialId) {
        return store.remove(sub, credentialId);
    }

    /** The options for {@code navigator.credentials.create}, for the script of the page. @param place the session */
    public String creation(User user, List<StoredPasskey> existing, String place) {
        JsonArray algorithms = new JsonArray();
        ALGORITHMS.forEach(each -> algorithms.add(new JsonObject().put("type", "public-key").put("alg", each.getValue())));
        return new JsonObject().put("rp", new JsonObject().put("id", host).put("name", host))
            .put("user", new JsonObject().put("id", encoded(user.sub())).put("name", user.username())
                .put("displayName", user.name() == null ? user.username() : user.name()))
            .put("challenge", encoded(challenges.next("create\n" + place))).put("pubKeyCredParams", algorithms)
            .put("excludeCredentials", credentials(existing)).put("timeout", TIMEOUT_MILLIS).put("attestation", "none")
            .put("authenticatorSelection", new JsonObject().put("residentKey", "preferred").put("userVerification", "preferred")).encode();
    }

    /**
     * The options for {@code navigator.credentials.get}.
     *
     * @param allowed the passkeys of the user; empty for a login without a username, which needs a passkey that verifies the user
     * @param place the browser or the pending login
     */
    public String request(List<StoredPasskey> allowed, String place) {
        return new JsonObject().put("rpId", host).put("challenge", encoded(challenges.next("get\n" + place))).put("allowCredentials", credentials(allowed))
            .put("timeout", TIMEOUT_MILLIS).put("userVerification", allowed.isEmpty() ? "required" : "preferred").encode();
    }

    private static JsonArray credentials(List<StoredPasskey> passkeys) {
        JsonArray all = new JsonArray();
        passkeys.forEach(each -> all.add(new JsonObject().put("type", "public-key").put("id", each.id())));
        return all;
    }

    private static String encoded(String text) {
        return SecretToken.encode(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a passkey. @param response the credential as JSON @param place the session @return false if it is not valid or known already */
    public Future<Boolean> register(User user, String name, String response, String place) {
        return parse(response, () -> Library.MANAGER.parseRegistrationResponseJSON(response)).compose(parsed -> parsed.isEmpty() ? refused()
            : accepted(parsed.get().getCollectedClientData(), "create\n" + place).compose(fresh -> !fresh ? refused()
                : parse(response, () -> verified(parsed.get())).compose(verified -> verified.isEmpty() ? refused()
                    : store.add(passkey(user, name, verified.get())))));
    }

    private RegistrationData verified(RegistrationData data) {
        List<PublicKeyCredentialParameters> algorithms = ALGORITHMS.stream()
            .map(each -> new PublicKeyCredentialParameters(PublicKeyCredentialType.PUBLIC_KEY, each)).toList();
        return Library.MANAGER.verify(data, new RegistrationParameters(server(data.getCollectedClientData()), algorithms, false, true));
    }

    private StoredPasskey passkey(User user, String name, RegistrationData data) {
        var authenticator = data.getAttestationObject().getAuthenticatorData();
        var credential = authenticator.getAttestedCredentialData();
        return new StoredPasskey(SecretToken.encode(credential.getCredentialId()), user.sub(), name, Library.CREDENTIALS.convert(credential),
            authenticator.getSignCount(), clock.millis(), null);
    }

    /**
     * Checks a passkey.
     *
     * @param sub the user whose passkey it must be; null for a login by passkey alone, which must verify the user
     * @param response the credential as JSON
     * @return the subject of its user, or empty if it is not valid
     */
    public Future<Optional<String>> check(String sub, String response, String place) {
        return parse(response, () -> Library.MANAGER.parseAuthenticationResponseJSON(response)).compose(parsed -> parsed.isEmpty() ? nothing()
            : accepted(parsed.get().getCollectedClientData(), "get\n" + place).compose(fresh -> !fresh ? nothing()
                : store.find(SecretToken.encode(parsed.get().getCredentialId()))
                    .map(found -> found.filter(passkey -> sub == null || sub.equals(passkey.sub())))
                    .compose(found -> found.isEmpty() ? nothing() : check(found.get(), parsed.get(), response, sub == null))));
    }

    private Future<Optional<String>> check(StoredPasskey passkey, AuthenticationData data, String response, boolean verifiesUser) {
        return parse(response, () -> Library.MANAGER.verify(data, new AuthenticationParameters(server(data.getCollectedClientData()), credential(passkey),
            null, verifiesUser, true))).compose(verified -> verified.isEmpty() ? nothing()
                : store.use(passkey.id(), data.getAuthenticatorData().getSignCount(), clock.millis())
                    .map(used -> used ? Optional.of(passkey.sub()) : Optional.empty()));
    }

    private CredentialRecordImpl credential(StoredPasskey passkey) {
        return new CredentialRecordImpl(new NoneAttestationStatement(), null, null, null, passkey.signCount(), Library.CREDENTIALS.convert(passkey.credential()),
            new AuthenticationExtensionsAuthenticatorOutputs<>(), null, null, null);
    }

    private ServerProperty server(CollectedClientData client) {
        return ServerProperty.builder().origin(origin).rpId(host).challenge(client.getChallenge()).build();
    }

    private Future<Boolean> accepted(CollectedClientData client, String place) {
        byte[] challenge = client == null || !(client.getChallenge() instanceof DefaultChallenge sent) ? new byte[0] : sent.getValue();
        return challenges.accept(new String(challenge, StandardCharsets.UTF_8), place);
    }

    /** Runs blocking work of the library. Empty if the response is malformed or not valid: the library names no exceptions of malformed input. */
    private <T> Future<Optional<T>> parse(String response, Callable<T> work) {
        return response.length() > LONGEST ? Future.succeededFuture(Optional.empty())
            : vertx.executeBlocking(() -> Optional.ofNullable(work.call()), false).recover(failure -> failure instanceof RuntimeException
                ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(failure));
    }

    /** Made at the first use, on a worker thread, because its mappers take tens of milliseconds. */
    private static final class Library {

        private static final ObjectConverter OBJECTS = new ObjectConverter();
        private static final WebAuthnManager MANAGER = WebAuthnManager.createNonStrictWebAuthnManager(OBJECTS);
        private static final AttestedCredentialDataConverter CREDENTIALS = new AttestedCredentialDataConverter(OBJECTS);
    }

    private static Future<Boolean> refused() {
        return Future.succeededFuture(false);
    }

    private static <T> Future<Optional<T>> nothing() {
        return Future.succeededFuture(Optional.empty());
    }
}
