package dev.gatehouse.authz.token;

import dev.gatehouse.shared.secret.MasterKey.KeyedHash;
import dev.gatehouse.shared.secret.SecretToken;

/** The kinds of opaque values that are handed out. Each has a prefix of its own, and is looked for only among its kind. */
public enum TokenKind {
    ACCESS("gha_"),
    REFRESH("ghr_"),
    CODE("ghc_"),
    DEVICE("ghd_");

    private final String prefix;

    TokenKind(String prefix) {
        this.prefix = prefix;
    }

    /** A new value of 256 random bits. */
    public String generate() {
        return SecretToken.generate(prefix);
    }

    /** The value that a key derives from another: always the same, and unguessable without the key. */
    public String derive(KeyedHash key, String predecessor) {
        return prefix + key.of(predecessor);
    }

    /** Returns true if a text has this kind's form. */
    public boolean matches(String text) {
        return SecretToken.isForm(prefix, text);
    }
}
