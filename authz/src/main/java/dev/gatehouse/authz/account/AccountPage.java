package dev.gatehouse.authz.account;

import dev.gatehouse.authz.account.AccessStore.ApplicationAccess;
import dev.gatehouse.authz.account.AccessStore.ApplicationAccess.Standing;
import dev.gatehouse.authz.client.GrantType;
import dev.gatehouse.authz.client.RedirectUris;
import dev.gatehouse.authz.scope.ScopePolicy.ScopeOptions;
import dev.gatehouse.authz.session.LoginChoices.Choice;
import dev.gatehouse.authz.session.SessionStore.SeenSession;
import dev.gatehouse.authz.user.User;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * The account page.
 *
 * @param notice a confirmation of the last change, or empty
 * @param error the reason why the last change was refused, or empty
 * @param links the paths of further pages
 */
record AccountPage(String action, String csrf, String notice, String error, Profile profile, List<Entry> applications, List<Session> sessions,
                   List<Identity> identities, List<Choice> providers, Links links) {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    AccountPage {
        applications = List.copyOf(applications);
        sessions = List.copyOf(sessions);
        identities = List.copyOf(identities);
        providers = List.copyOf(providers);
    }

    public String title() {
        return "Your account";
    }

    static String day(long at) {
        return DAY.format(Instant.ofEpochMilli(at));
    }

    /** The paths of further pages; empty for a page that does not apply. */
    record Links(String password, String secondFactor, String passkeys, String email) {
    }

    /** The data of the user; empty texts for absent data. */
    record Profile(String username, String name, String email, String since, boolean hasPassword) {

        static Profile of(User user) {
            return new Profile(user.username(), user.name() == null ? "" : user.name(), user.email() == null ? "" : user.email(),
                day(user.createdAt()), user.hasPassword());
        }
    }

    /** A linked identity. @param unlinkable whether another way to sign in remains without it */
    record Identity(String label, String issuer, String tenant, String subject, boolean unlinkable) {
    }

    /** A session. @param id the hash of its cookie, which is no credential */
    record Session(String id, String browser, String place, String since, String seen, boolean current) {

        static Session of(SeenSession seen, String currentHash) {
            return new Session(seen.session().hash(), seen.source().browser(), seen.source().place(),
                MINUTE.format(Instant.ofEpochMilli(seen.session().authenticatedAt())), MINUTE.format(Instant.ofEpochMilli(seen.session().seenAt())),
                seen.session().hash().equals(currentHash));
        }
    }

    /** A scope of an application. */
    record Permission(String name, String title, String description) {
    }

    /**
     * An application.
     *
     * @param place the destination of its responses
     * @param standing a note on its access, or empty
     * @param used when it last got tokens, or empty
     * @param narrowable whether it has several permissions, of which the user can remove some
     */
    record Entry(String clientId, String name, String redirectUri, String place, List<Permission> permissions,
                 List<String> resources, String standing, String since, String used, boolean narrowable) {

        static Entry of(ApplicationAccess access, List<ScopeOptions> scopes) {
            List<Permission> permissions = scopes.stream().filter(scope -> access.scopes().contains(scope.name()))
                .map(scope -> new Permission(scope.name(), scope.title(), scope.description())).toList();
            return new Entry(access.clientId(), access.name(), access.redirectUri(), place(access.redirectUri()), permissions,
                access.resources(), standing(access.standing()), day(access.since()),
                access.usedAt() == null ? "" : MINUTE.format(Instant.ofEpochMilli(access.usedAt())),
                access.standing() == Standing.GRANTED && permissions.size() > 1);
        }

        /** The titles of the permissions. */
        public String allowed() {
            return String.join(", ", permissions.stream().map(Permission::title).toList());
        }

        private static String standing(Standing standing) {
            return switch (standing) {
                case GRANTED -> "";
                case WAITING -> "You have approved this device. It has not used the approval yet.";
                case REMEMBERED -> "It has no access now. It can get access again without asking you.";
            };
        }

        private static String place(String redirectUri) {
            if (redirectUri.equals(RedirectUris.OUT_OF_BAND)) {
                return "a code to copy";
            }
            return redirectUri.equals(GrantType.DEVICE_CODE.wireName()) ? "a device" : RedirectUris.destination(redirectUri);
        }
    }
}
