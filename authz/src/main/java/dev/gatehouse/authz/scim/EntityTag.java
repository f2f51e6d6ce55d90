package dev.gatehouse.authz.scim;

import dev.gatehouse.shared.secret.SecretToken;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Stream;

/** Weak entity tags of resources (RFC 7644 §3.14). The tag is derived from the content, so that changes on the command line change it too. */
final class EntityTag {

    private static final int BYTES = 12;

    private EntityTag() {
    }

    /** @param resource without {@code meta.version}; @param changes the count of changes that the resource does not show */
    static String of(JsonObject resource, long changes) {
        byte[] hash = SecretToken.sha256((resource.encode() + changes).getBytes(StandardCharsets.UTF_8));
        return "W/\"" + SecretToken.encode(Arrays.copyOf(hash, BYTES)) + '"';
    }

    /** Returns whether a field such as {@code If-Match} names the tag. The comparison is weak (RFC 9110 §8.8.3.2). */
    static boolean isNamed(String field, String tag) {
        return Stream.of(field.split(",")).map(String::strip).anyMatch(each -> each.equals("*") || strong(each).equals(strong(tag)));
    }

    private static String strong(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }
}
