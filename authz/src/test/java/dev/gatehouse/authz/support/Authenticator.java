package dev.gatehouse.authz.support;

import dev.gatehouse.authz.factor.Totp;
import dev.gatehouse.fixtures.Page;

import java.time.Clock;

/** An authenticator app that has read the key of an enrolment page. */
public final class Authenticator {

    private final String secret;
    private final Clock clock;

    private Authenticator(String secret, Clock clock) {
        this.secret = secret;
        this.clock = clock;
    }

    public static Authenticator of(Page enrolment, Clock clock) {
        return new Authenticator(enrolment.document().selectFirst(".secret code").text().replace(" ", ""), clock);
    }

    public String secret() {
        return secret;
    }

    /** The code that the app shows now. */
    public String code() {
        return codeIn(0);
    }

    /** The code that the app shows some steps of 30 seconds later. */
    public String codeIn(int steps) {
        return Totp.code(secret, clock.millis() / 30_000 + steps);
    }
}
