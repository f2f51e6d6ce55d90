package dev.gatehouse.authz.cli;

import dev.gatehouse.authz.user.GroupStore.Change;
import dev.gatehouse.authz.user.GroupStore;
import dev.gatehouse.shared.cli.CommandGroup;
import dev.gatehouse.shared.cli.Listing;
import dev.gatehouse.shared.config.StartupException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.time.Clock;

/** The groups of users. Each change reaches running servers within a second. */
@Command(name = "group", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", addMethodSubcommands = false,
    description = {"List and show groups, and change those of this server.", "Groups of identity providers and of SCIM clients are changed there."})
final class GroupCommand extends CommandGroup {

    private final Clock clock = Clock.systemUTC();

    @Command(mixinStandardHelpOptions = true, description = "List the groups of all sources.")
    void list(@Mixin Listing.Format format, @Mixin StoreOptions store) {
        Listing groups = new Listing("group", "source", "members");
        store.use(stores -> stores.groups().list()).forEach(group -> groups.add(group.name(), group.source(), group.members()));
        groups.print(out(), format);
    }

    @Command(mixinStandardHelpOptions = true, description = "List the members of a group, from each source.")
    void show(@Parameters(paramLabel = "GROUP") String name, @Mixin Listing.Format format, @Mixin StoreOptions store) {
        if (store.use(stores -> stores.groups().list()).stream().noneMatch(group -> group.name().equals(name))) {
            throw missing(name);
        }
        Listing members = new Listing("username", "subject", "source");
        store.use(stores -> stores.groups().members(name)).forEach(member -> members.add(member.username(), member.sub(), member.source()));
        members.print(out(), format);
    }

    @Command(mixinStandardHelpOptions = true, description = "Create a group.")
    void create(@Parameters(paramLabel = "GROUP") String name, @Mixin StoreOptions store) {
        if (!GroupStore.isName(name)) {
            throw new StartupException("The name of a group must have 1 to 256 characters. Nothing was changed.");
        }
        if (!store.use(stores -> stores.groups().create(name, clock.millis()))) {
            throw new StartupException("The group " + name + " already exists. Nothing was changed.");
        }
        done(store, "group_created", name, null, "Group " + name + " created.");
    }

    @Command(mixinStandardHelpOptions = true, description = "Delete a group of this server.")
    void delete(@Parameters(paramLabel = "GROUP") String name, @Mixin StoreOptions store) {
        if (!store.use(stores -> stores.groups().delete(name, clock.millis()))) {
            throw missing(name);
        }
        done(store, "group_deleted", name, null, "Group " + name + " deleted. Its members lose its scopes with the next refresh.");
    }

    @Command(mixinStandardHelpOptions = true, description = "Add a user to a group of this server.")
    void add(@Parameters(paramLabel = "GROUP") String name, @Parameters(paramLabel = "USERNAME") String username, @Mixin StoreOptions store) {
        change(name, username, true, store);
        done(store, "group_member_added", name, username, "User " + username + " added to " + name + ".");
    }

    @Command(mixinStandardHelpOptions = true, description = "Remove a user from a group of this server.")
    void remove(@Parameters(paramLabel = "GROUP") String name, @Parameters(paramLabel = "USERNAME") String username, @Mixin StoreOptions store) {
        change(name, username, false, store);
        done(store, "group_member_removed", name, username, "User " + username + " removed from " + name + ". The next refresh applies it.");
    }

    private void change(String name, String username, boolean member, StoreOptions store) {
        Change change = store.use(stores -> stores.groups().setMember(name, username, member, clock.millis()));
        if (change == Change.NO_GROUP) {
            throw missing(name);
        }
        if (change != Change.DONE) {
            throw new StartupException((change == Change.NO_USER ? "There is no user " + username + ". 'gatehouse user list' lists them."
                : username + (member ? " is already in " : " is not in ") + name + ".") + " Nothing was changed.");
        }
    }

    private static StartupException missing(String name) {
        return new StartupException("There is no group " + name + " of this server. 'gatehouse group list' lists the groups and their sources.");
    }

    private void done(StoreOptions store, String event, String name, String username, String message) {
        store.audit(event, "group", name, "username", username);
        out().println(message);
    }
}
