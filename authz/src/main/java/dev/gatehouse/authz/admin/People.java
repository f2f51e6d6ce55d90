package dev.gatehouse.authz.admin;

import dev.gatehouse.authz.admin.AdminCall.Answer;
import dev.gatehouse.authz.admin.PeopleStore.Change;
import dev.gatehouse.authz.admin.PeopleStore.Changed;
import dev.gatehouse.authz.admin.PeopleStore.Person;
import dev.gatehouse.authz.mail.AccountNotices;
import dev.gatehouse.authz.session.LoginFailureStore;
import dev.gatehouse.authz.user.ExternalIdentityStore;
import dev.gatehouse.authz.user.ExternalIdentityStore.ExternalIdentity;
import dev.gatehouse.authz.user.GroupStore;
import dev.gatehouse.authz.user.PasswordHasher;
import dev.gatehouse.authz.user.PasswordRules;
import dev.gatehouse.authz.user.RoleStore.Role;
import dev.gatehouse.authz.user.User;
import dev.gatehouse.authz.user.UserStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The operations on users, their identities and their groups. */
public final class People {

    private final Vertx vertx;
    private final PeopleStore people;
    private final UserStore users;
    private final ExternalIdentityStore identities;
    private final GroupStore groups;
    private final LoginFailureStore failures;
    private final PasswordHasher hasher;
    private final AccountNotices notices;
    private final Clock clock;

    public People(Vertx vertx, PeopleStore people, UserStore users, ExternalIdentityStore identities, GroupStore groups, LoginFailureStore failures, PasswordHasher hasher,
                  AccountNotices notices, Clock clock) {
        this.vertx = vertx;
        this.people = people;
        this.users = users;
        this.identities = identities;
        this.groups = groups;
        this.failures = failures;
        this.hasher = hasher;
        this.notices = notices;
        this.clock = clock;
    }

    Future<Answer> list(AdminCall call) {
        String[] after = call.cursor(1);
        return people.list(call.text("q"), call.text("username"), call.text("role"), call.query().getBoolean("disabled"), after == null ? null : after[0], call.limit() + 1)
            .map(found -> Answer.page(found.stream().map(Person::json).toList(), call.limit(), last -> AdminCall.cursorOf(last.getString("username"))));
    }

    Future<Answer> read(AdminCall call) {
        return require(call).map(person -> Answer.tagged(person.json()));
    }

    private Future<Person> require(AdminCall call) {
        return people.find(call.path("sub")).map(found -> found.orElseThrow(() -> Problem.notFound("There is no such user")));
    }

    /** A user whom the caller may change. */
    private Future<User> requireChangeable(AdminCall call) {
        return require(call).map(person -> {
            call.requireMayChange(Optional.ofNullable(person.role()));
            return person.user();
        });
    }

    Future<Answer> create(AdminCall call) {
        String username = call.body().getString("username");
        String password = call.body().getString("password");
        if (!User.isUsername(username)) {
            throw Problem.unprocessable("A username has 1 to 100 characters and no blanks");
        }
        return hash(username, password).compose(hash -> {
            User user = new User(User.newSub(), username, hash, call.body().getString("email"), call.body().getString("name"), false, clock.millis(), null);
            return users.add(user).map(added -> {
                if (!added) {
                    throw Problem.conflict("There is another user with this username");
                }
                return Answer.created(new Person(user, null).json());
            });
        });
    }

    private Future<String> hash(String username, String password) {
        return password == null ? Future.succeededFuture(User.NO_PASSWORD)
            : vertx.executeBlocking(() -> PasswordRules.problem(password, username), false).compose(problem -> problem.isEmpty() ? hasher.hash(password)
                : Future.failedFuture(Problem.unprocessable("The password " + problem.get().words())));
    }

    Future<Answer> change(AdminCall call) {
        JsonObject body = call.body();
        Future<String> passwordHash = body.containsKey("password") ? require(call).compose(person -> hash(person.user().username(), body.getString("password")))
            : Future.succeededFuture();
        return passwordHash.map(hash -> new Change(body.containsKey("email"), body.getString("email"), body.containsKey("name"), body.getString("name"),
                body.getBoolean("disabled"), hash))
            .compose(change -> people.change(call.path("sub"), person -> check(call, person), change, clock.millis())
                .compose(changed -> inform(changed, change.passwordHash() != null).map(Answer.tagged(changed.after().json()))));
    }

    /** One mail for each change of the ways into the account, to the former address. */
    private Future<Void> inform(Changed changed, boolean password) {
        User before = changed.before().user();
        User after = changed.after().user();
        Future<Void> informed = password ? notices.sendOfAdministrator(before, AccountNotices.Change.PASSWORD) : Future.succeededFuture();
        if (!Objects.equals(before.email(), after.email())) {
            informed = informed.compose(done -> notices.sendOfAdministrator(before, AccountNotices.Change.EMAIL));
        }
        return before.disabled() == after.disabled() ? informed : informed.compose(done ->
            notices.sendOfAdministrator(before, after.disabled() ? AccountNotices.Change.DISABLED : AccountNotices.Change.ENABLED));
    }

    private static void check(AdminCall call, Person person) {
        call.requireMayChange(Optional.ofNullable(person.role()));
        call.requireMatch(person.json());
    }

    Future<Answer> delete(AdminCall call) {
        return people.delete(call.path("sub"), person -> check(call, person), clock.millis())
            .compose(deleted -> notices.sendOfAdministrator(deleted.user(), AccountNotices.Change.DELETED)).map(Answer.none());
    }

    Future<Answer> setRole(AdminCall call) {
        return people.setRole(call.path("sub"), person -> check(call, person), Role.named(call.body().getString("role")), clock.millis())
            .map(person -> Answer.tagged(person.json()));
    }

    Future<Answer> unlock(AdminCall call) {
        return requireChangeable(call).compose(user -> failures.unlock(user.username()).compose(unlocked -> unlocked
            ? notices.sendOfAdministrator(user, AccountNotices.Change.UNLOCKED) : Future.succeededFuture())).map(Answer.none());
    }

    Future<Answer> listIdentities(AdminCall call) {
        return require(call).compose(person -> identities.of(person.user().username()))
            .map(linked -> Answer.page(linked.stream().map(People::identity).toList(), Integer.MAX_VALUE, last -> ""));
    }

    private static JsonObject identity(ExternalIdentity identity) {
        return new JsonObject().put("identity_id", GrantListStore.identityId(identity.issuer(), identity.tenant(), identity.subject()))
            .put("issuer", identity.issuer()).put("tenant", identity.tenant()).put("subject", identity.subject());
    }

    Future<Answer> link(AdminCall call) {
        ExternalIdentity identity = new ExternalIdentity(call.body().getString("issuer"), call.body().getString("tenant", ""), call.body().getString("subject"));
        return requireChangeable(call).compose(user -> identities.link(identity, user.username(), clock.millis()).compose(linked -> linked
            ? notices.sendOfAdministrator(user, AccountNotices.Change.IDENTITY_LINKED).map(Answer.created(identity(identity)))
            : Future.failedFuture(Problem.conflict("The identity is linked to a user already, or the user has another identity of that issuer and tenant"))));
    }

    Future<Answer> unlink(AdminCall call) {
        return requireChangeable(call).compose(user -> identities.of(user.username()).compose(linked -> linked.stream()
                .filter(each -> identity(each).getString("identity_id").equals(call.path("identity_id"))).findFirst()
                .map(identities::unlink).orElseGet(() -> Future.failedFuture(Problem.notFound("The user has no such identity"))))
            .compose(unlinked -> unlinked.isEmpty() ? Future.succeededFuture()
                : notices.sendOfAdministrator(user, AccountNotices.Change.IDENTITY_UNLINKED))).map(Answer.none());
    }

    Future<Answer> listGroups(AdminCall call) {
        String text = call.text("q");
        String[] after = call.cursor(2);
        return groups.list().map(all -> Answer.page(all.stream().filter(group -> text == null || group.name().contains(text))
            .filter(group -> after == null || key(group.name(), group.source()).compareTo(key(after[0], after[1])) > 0)
            .sorted((one, other) -> key(one.name(), one.source()).compareTo(key(other.name(), other.source()))).limit(call.limit() + 1L)
            .map(group -> new JsonObject().put("name", group.name()).put("source", group.source()).put("member_count", group.members())).toList(),
            call.limit(), last -> AdminCall.cursorOf(last.getString("name"), last.getString("source"))));
    }

    private static String key(String name, String source) {
        return name + "\n" + source;
    }

    Future<Answer> readGroup(AdminCall call) {
        return group(call.path("name")).map(Answer::tagged);
    }

    private Future<JsonObject> group(String name) {
        return groups.list().compose(all -> {
            List<String> sources = all.stream().filter(group -> group.name().equals(name)).map(GroupStore.Listed::source).toList();
            return sources.isEmpty() ? Future.failedFuture(Problem.notFound("There is no such group")) : groups.members(name).map(members ->
                new JsonObject().put("name", name).put("sources", new JsonArray(sources)).put("members", new JsonArray(members.stream().map(member ->
                    new JsonObject().put("sub", member.sub()).put("username", member.username()).put("source", member.source())).toList())));
        });
    }

    Future<Answer> createGroup(AdminCall call) {
        String name = call.body().getString("name");
        if (!GroupStore.isName(name)) {
            throw Problem.unprocessable("The name of a group has 1 to 256 characters");
        }
        return groups.create(name, clock.millis()).compose(created -> created ? group(name).map(Answer::created)
            : Future.failedFuture(Problem.conflict("There is another group of this name")));
    }

    Future<Answer> deleteGroup(AdminCall call) {
        return group(call.path("name")).map(group -> {
            call.requireMatch(group);
            return group;
        }).compose(group -> groups.delete(call.path("name"), clock.millis())).map(deleted -> {
            if (!deleted) {
                throw Problem.conflict("The group is not one of this server; change it at its source");
            }
            return Answer.none();
        });
    }

    Future<Answer> addMember(AdminCall call) {
        return setMember(call, true);
    }

    Future<Answer> removeMember(AdminCall call) {
        return setMember(call, false);
    }

    private Future<Answer> setMember(AdminCall call, boolean member) {
        return requireChangeable(call).compose(user -> groups.setMember(call.path("name"), user.username(), member, clock.millis())).map(change -> switch (change) {
            case DONE, UNCHANGED -> Answer.none();
            case NO_GROUP -> throw Problem.notFound("There is no such group of this server");
            case NO_USER -> throw Problem.notFound("There is no such user");
        });
    }

    /** The users that match a text, for the search. */
    Future<List<JsonObject>> search(String text, int limit) {
        return people.list(text, null, null, null, null, limit).map(found -> found.stream().map(Person::json).toList());
    }
}
