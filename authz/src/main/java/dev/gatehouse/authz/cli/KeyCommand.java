package dev.gatehouse.authz.cli;

import dev.gatehouse.shared.cli.CommandGroup;
import dev.gatehouse.shared.cli.Listing;
import dev.gatehouse.shared.config.StartupException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.time.Clock;
import java.time.Instant;
import java.util.List;

/** The keys that tokens are signed with. Each change reaches running servers within a second. */
@Command(name = "key", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", addMethodSubcommands = false,
    description = {"List, rotate and remove the signing keys of tokens.",
        "The server rotates its keys every signing.rotationDays days."})
final class KeyCommand extends CommandGroup {

    private final Clock clock = Clock.systemUTC();

    @Command(mixinStandardHelpOptions = true, description = "List all keys, in the order in which they sign.")
    void list(@Mixin Listing.Format format, @Mixin StoreOptions store) {
        Listing keys = new Listing("kid", "algorithm", "signs_from", "needed_until");
        store.use(stores -> stores.keys().read()).keys()
            .forEach(key -> keys.add(key.kid(), key.algorithm(), time(key.activatesAt()), time(key.neededUntil())));
        keys.print(out(), format);
    }

    @Command(mixinStandardHelpOptions = true, description = {"Create the next key now.",
        "It signs after signing.publishAheadSeconds. The former key stays published until its last token expires."})
    void rotate(@Mixin StoreOptions store) {
        long begins = store.use(stores -> stores.signingKeys(clock).compose(keys -> keys.rotate()));
        store.audit("signing_key_rotated", "signs_from", time(begins));
        out().println("A new key is published. It signs from " + time(begins) + ".");
    }

    @Command(mixinStandardHelpOptions = true, description = {"Remove a compromised key.",
        "The server rejects its tokens immediately; a resource server rejects them after it next fetches the keys."})
    void remove(@Parameters(paramLabel = "KID") String kid, @Mixin StoreOptions store) {
        if (!store.use(stores -> stores.keys().remove(kid, clock.millis()))) {
            throw new StartupException("There is no key " + kid + ". 'gatehouse key list' lists them.");
        }
        store.audit("signing_key_removed", "kid", kid);
        out().println("Key " + kid + " removed. The tokens that it signed are no longer valid.");
    }

    private static Instant time(long millis) {
        return Instant.ofEpochSecond(millis / 1000);
    }
}
