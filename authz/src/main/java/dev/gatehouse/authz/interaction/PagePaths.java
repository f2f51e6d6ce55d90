package dev.gatehouse.authz.interaction;

/** Where the pages live. @param base the path of the issuer, without a final slash */
record PagePaths(String base) {

    String authorize() {
        return base + "/oauth/authorize";
    }

    String login() {
        return base + "/oauth/login";
    }

    String consent() {
        return base + "/oauth/consent";
    }

    String account() {
        return base + "/account";
    }

    /** @param interaction its identifier, which is of base64url characters and needs no escaping */
    String login(String interaction) {
        return login() + "?interaction=" + interaction;
    }

    String consent(String interaction) {
        return consent() + "?interaction=" + interaction;
    }
}
