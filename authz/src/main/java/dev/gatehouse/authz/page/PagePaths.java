package dev.gatehouse.authz.page;

/** The paths of the pages. @param base the path of the issuer, without a final slash */
public record PagePaths(String base) {

    public static final String AUTHORIZE = "/oauth/authorize";
    public static final String LOGIN = "/oauth/login";
    public static final String CONSENT = "/oauth/consent";
    public static final String ACCOUNT = "/account";
    public static final String PASSWORD = "/account/password";
    public static final String SECOND_FACTOR = "/account/factor";
    public static final String EMAIL = "/account/email";
    public static final String RESET = "/account/reset";
    public static final String PASSKEYS = "/account/passkeys";
    public static final String FACTOR = "/oauth/factor";
    public static final String LOGOUT = "/oauth/logout";
    public static final String DEVICE = "/device";

    public String authorize() {
        return base + AUTHORIZE;
    }

    public String login() {
        return base + LOGIN;
    }

    public String consent() {
        return base + CONSENT;
    }

    public String account() {
        return base + ACCOUNT;
    }

    public String password() {
        return base + PASSWORD;
    }

    public String secondFactor() {
        return base + SECOND_FACTOR;
    }

    public String email() {
        return base + EMAIL;
    }

    public String reset() {
        return base + RESET;
    }

    public String passkeys() {
        return base + PASSKEYS;
    }

    public String factor() {
        return base + FACTOR;
    }

    /** @param login a base64url identifier, which needs no escaping */
    public String factor(String login) {
        return factor() + "?login=" + login;
    }

    public String logout() {
        return base + LOGOUT;
    }

    public String device() {
        return base + DEVICE;
    }

    /** @param code letters and a dash, which need no escaping */
    public String device(String code) {
        return device() + "?user_code=" + code;
    }

    /** @param interaction a base64url identifier, which needs no escaping */
    public String login(String interaction) {
        return login() + "?interaction=" + interaction;
    }

    public String consent(String interaction) {
        return consent() + "?interaction=" + interaction;
    }
}
