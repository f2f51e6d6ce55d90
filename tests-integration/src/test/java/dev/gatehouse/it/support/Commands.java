package dev.gatehouse.it.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What tests do through the command line of the product, on the data home of running servers. */
public final class Commands {
    private Commands() {
    }

    /** Registers a public client and returns its identifier. */
    public static String addPublicClient(Path home, String... redirectUris) {
        return null;
    }
}
