package dev.gatehouse.authz.factor;

import dev.gatehouse.authz.factor.FactorStore.StoredApp;
import dev.gatehouse.authz.scope.LoginLevel;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.shared.secret.MasterKey;
import dev.gatehouse.shared.secret.MasterKey.KeyedHash;
import dev.gatehouse.shared.secret.Sealer;
import io.vertx.core.Future;

import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Enrols and checks authenticator apps and recovery codes. The caller limits the attempts. */
public final class SecondFactors {

    private final FactorStore store;
    private final Sealer secrets;
    private final Sealer offers;
    private final KeyedHash codes;
    private final String server;
    private final Clock clock;

    /** @param server the name of this server in authenticator apps */
    public SecondFactors(FactorStore store, MasterKey key, String server, Clock clock) {
        this.store = store;
        this.secrets = key.sealer("authenticator apps");
        this.offers = key.sealer("offered authenticator apps");
        this.codes = key.keyedHash("recovery codes");
        this.server = server;
        this.clock = clock;
    }

    /** Returns the factors of a user. */
    public Future<Factors> of(String sub) {
        return store.of(sub).map(stored -> new Factors(stored.app().map(StoredApp::createdAt).orElse(null), stored.recoveryCodes(),
            stored.passkeys()));
    }

    /**
     * Offers a new secret. Nothing is stored until a code proves that the app has it.
     *
     * @param place the session or the login of the page; the offer is of no use elsewhere
     */
    public Offer offer(User user, String place) {
        return offer(user, place, Totp.newSecret());
    }

    private Offer offer(User user, String place, String secret) {
        String sealed = Base64.getUrlEncoder().withoutPadding().encodeToString(offers.seal(secret, user.sub() + "\n" + place));
        return new Offer(sealed, secret.replaceAll("(.{4})(?=.)", "$1 "), QrImage.of(Totp.uri(server, user.username(), secret)));
    }

    /** The same offer again, after a wrong code; a new one if the text is no offer for this place. */
    public Offer offerAgain(User user, String place, String sealed) {
        return open(user, place, sealed).map(secret -> offer(user, place, secret)).orElseGet(() -> offer(user, place));
    }

    private Optional<String> open(User user, String place, String sealed) {
        try {
            return Optional.of(offers.open(Base64.getUrlDecoder().decode(sealed), user.sub() + "\n" + place));
        } catch (IllegalArgumentException | Sealer.BrokenSealException other) {
            return Optional.empty();
        }
    }

    /**
     * Adds the offered app, if the code proves it.
     *
     * @param sealed the offer
     * @return the new recovery codes, or empty if the code is wrong, the offer is of another place, or the user has an app already
     */
    public Future<Optional<List<String>>> enrol(User user, String place, String sealed, String typed) {
        Optional<String> secret = open(user, place, sealed);
        OptionalLong step = secret.isEmpty() ? OptionalLong.empty() : Totp.step(secret.get(), typed, 0, clock.millis());
        if (step.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        List<String> generated = RecoveryCodes.generate();
        return store.enrol(user.sub(), secrets.seal(secret.get(), user.sub()), step.getAsLong(), hashes(user.sub(), generated), clock.millis())
            .map(added -> added ? Optional.of(generated) : Optional.empty());
    }

    /** Replaces the recovery codes of a user and returns the new ones. */
    public Future<List<String>> renewCodes(String sub) {
        List<String> generated = RecoveryCodes.generate();
        return store.replaceCodes(sub, hashes(sub, generated)).map(generated);
    }

    private List<String> hashes(String sub, List<String> generated) {
        return generated.stream().map(code -> hash(sub, RecoveryCodes.read(code).orElseThrow())).toList();
    }

    private String hash(String sub, String code) {
        return codes.of(sub + "\n" + code);
    }

    /** Checks a code of the app or a recovery code, and uses it up. */
    public Future<Checked> check(String sub, String typed) {
        Optional<String> recovery = RecoveryCodes.read(typed);
        if (recovery.isPresent()) {
            return store.useCode(sub, hash(sub, recovery.get()), clock.millis()).map(used -> used ? Checked.RECOVERY_CODE : Checked.WRONG);
        }
        return store.of(sub).compose(stored -> stored.app().isEmpty() ? Future.succeededFuture(Checked.WRONG) : check(sub, typed, stored.app().get()));
    }

    private Future<Checked> check(String sub, String typed, StoredApp app) {
        OptionalLong step = Totp.step(secrets.open(app.sealed(), sub), typed, app.lastStep(), clock.millis());
        return step.isEmpty() ? Future.succeededFuture(Checked.WRONG)
            : store.useStep(sub, step.getAsLong()).map(used -> used ? Checked.APP : Checked.WRONG);
    }

    /** Removes the authenticator app, and the recovery codes if the user has no passkey. Returns false if there is none. */
    public Future<Boolean> removeApp(String sub) {
        return store.removeApp(sub);
    }

    /** The result of a check. */
    public enum Checked { APP, RECOVERY_CODE, WRONG }

    /**
     * The factors of a user besides the password.
     *
     * @param appSince when the authenticator app was added, epoch milliseconds; null if there is none
     * @param recoveryCodes the number of unused recovery codes
     * @param passkeys the number of passkeys
     */
    public record Factors(Long appSince, int recoveryCodes, int passkeys) {

        public boolean hasApp() {
            return appSince != null;
        }

        /** Returns whether the user can log in with two factors. */
        public boolean any() {
            return hasApp() || passkeys > 0;
        }

        /** The strongest login of which the user is capable. */
        public LoginLevel level() {
            return passkeys > 0 ? LoginLevel.PHISHING_RESISTANT : hasApp() ? LoginLevel.TWO_FACTORS : LoginLevel.ONE_FACTOR;
        }
    }

    /**
     * An authenticator app that is not yet added.
     *
     * @param sealed the secret for the form, encrypted
     * @param secret the secret in base32, in groups of four, for users who type it
     */
    public record Offer(String sealed, String secret, QrImage image) {

        @Override
        public String toString() {
            return "Offer[…]";
        }
    }

    /**
     * The settings of second factors. Users who need one and have none add it at their next login.
     *
     * @param required whether every user with a password of this server needs one
     * @param requiredGroups the groups whose members need one
     * @param afterProviders whether logins at identity providers need one too
     */
    public record SecondFactorOptions(boolean required, List<String> requiredGroups, boolean afterProviders) {

        public SecondFactorOptions {
            requiredGroups = List.copyOf(requiredGroups);
        }
    }
}
