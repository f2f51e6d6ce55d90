package dev.gatehouse.client.skill;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.gatehouse.client.transport.CallFailure;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server's entry of a skill (SEP-2640), which its files are verified against. A match shows that listing and content agree, not that either is
 * trustworthy.
 *
 * @param uri of its SKILL.md
 * @param frontmatter of its SKILL.md, as JSON
 * @param files all files of the skill by their URIs
 */
public record Skill(String uri, JsonObject frontmatter, Map<String, File> files) {

    private static final Pattern FRONTMATTER = Pattern.compile("\\A\uFEFF?---\\R(.*?)^---\\s*$.*", Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern PATH = Pattern.compile(".*/([^/]+)/SKILL\\.md");

    /** @param size in bytes; negative where the entry has none */
    public record File(String digest, long size) {
    }

    /** Reads an entry; empty without the members that an entry has. A skill whose files have no digests cannot be verified and is none here. */
    static Optional<Skill> of(Object entry) {
        if (!(entry instanceof JsonObject json) || !(json.getValue("uri") instanceof String uri) || !(json.getValue("frontmatter") instanceof JsonObject frontmatter)
            || !(json.getValue("resources") instanceof JsonArray resources)) {
            return Optional.empty();
        }
        Map<String, File> files = new LinkedHashMap<>();
        for (Object each : resources) {
            if (!(each instanceof JsonObject file) || !(file.getValue("uri") instanceof String name) || !(file.getValue("digest") instanceof String digest)) {
                return Optional.empty();
            }
            files.put(name, new File(digest, file.getValue("size") instanceof Number size ? size.longValue() : -1));
        }
        return Optional.of(new Skill(uri, frontmatter, Map.copyOf(files)));
    }

    public String description() {
        return frontmatter.getValue("description") instanceof String text ? text : "";
    }

    /** Returns the text of SKILL.md. @throws CallFailure when it is not what the entry says */
    String verifiedText(byte[] content) {
        String text = new String(verified(uri, content), StandardCharsets.UTF_8);
        Matcher path = PATH.matcher(uri);
        require(path.matches() && path.group(1).equals(frontmatter.getValue("name")), uri, "its path does not end with the name of the skill");
        require(sameAs(frontmatter, frontmatterOf(text)), uri, "its frontmatter is not that of the listing");
        return text;
    }

    /** Returns the content of a file. @throws CallFailure when the entry does not list it, or lists another size or digest */
    byte[] verified(String file, byte[] content) {
        File expected = files.get(file);
        require(expected != null, file, "the skill does not list it");
        require(expected.size() < 0 || expected.size() == content.length, file, "its size is not that of the listing");
        require(expected.digest().equals("sha256:" + HexFormat.of().formatHex(sha256(content))), file, "its digest is not that of the listing");
        return content;
    }

    private static void require(boolean holds, String file, String reason) {
        if (!holds) {
            throw new CallFailure("The file " + file + " is not used: " + reason + ".");
        }
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The YAML at the beginning of SKILL.md; null for none. */
    private static JsonNode frontmatterOf(String text) {
        Matcher parts = FRONTMATTER.matcher(text);
        try {
            return parts.matches() ? new YAMLMapper().readTree(parts.group(1)) : null;
        } catch (JsonProcessingException notYaml) {
            return null;
        }
    }

    private static boolean sameAs(JsonObject listed, JsonNode found) {
        try {
            return found != null && new YAMLMapper().readTree(listed.encode()).equals(Skill::compare, found);
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** 1 and 1.0 are one number. */
    private static int compare(JsonNode one, JsonNode other) {
        return one.equals(other) ? 0 : one instanceof NumericNode && other instanceof NumericNode ? one.decimalValue().compareTo(other.decimalValue()) : 1;
    }
}
