package dev.gatehouse.authz.account;

import dev.gatehouse.authz.account.ApplicationAccess.Standing;
import dev.gatehouse.authz.client.RedirectUris;
import dev.gatehouse.authz.device.DeviceStore;
import dev.gatehouse.authz.scope.ScopeOptions;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Lists the applications with access to the account. */
record AccountPage(String action, String csrf, String account, List<Entry> applications, String notice) {

    private static final DateTimeFormatter DAY =
        DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.ENGLISH).withZone(ZoneOffset.UTC);

    /** One application. @param place the destination of its responses. @param standing a note on its access, or empty */
    record Entry(String clientId, String name, String redirectUri, String place, String permissions,
                 List<String> resources, String standing, String since) {

        static Entry of(ApplicationAccess access, List<ScopeOptions> scopes) {
            String permissions = scopes.stream().filter(scope -> access.scopes().contains(scope.name()))
                .map(ScopeOptions::title).collect(Collectors.joining(", "));
            return new Entry(access.clientId(), access.name(), access.redirectUri(), place(access.redirectUri()), permissions,
                access.resources(), standing(access.standing()), DAY.format(Instant.ofEpochMilli(access.since())));
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
            return redirectUri.equals(DeviceStore.PLACE) ? "a device" : RedirectUris.destination(redirectUri);
        }
    }

    public String title() {
        return "Your applications";
    }
}
