package dev.gatehouse.authz.interaction;

/** Where the pages live. @param base the path of the issuer, without a final slash */
record PagePaths(String base) {

    static final String AUTHORIZE = "/oauth/authorize";
    static final String LOGIN = "/oauth/login";
    static final String CONSENT = "/oauth/consent";
    static final String ACCOUNT = "/account";
    static final String LOGOUT = "/oauth/logout";
    static final String DEVICE = "/device";

    String authorize() {
        return base + AUTHORIZE;
    }

    String login() {
        return base + LOGIN;
    }

    String consent() {
        return base + CONSENT;
    }

    String account() {
        return base + ACCOUNT;
    }

    String logout() {
        return base + LOGOUT;
    }

    String device() {
        return base + DEVICE;
    }

    /** @param code of letters and a dash, which need no escaping */
    String device(String code) {
        return device() + "?user_code=" + code;
    }

    /** @param interaction its identifier, which is of base64url characters and needs no escaping */
    String login(String interaction) {
        return login() + "?interaction=" + interaction;
    }

    String consent(String interaction) {
        return consent() + "?interaction=" + interaction;
    }
}
