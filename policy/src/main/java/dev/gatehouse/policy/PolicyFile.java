package dev.gatehouse.policy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Reads a policy file, with the place of each error.
 *
 * @param allowsByDefault whether a call that no rule matches is allowed
 * @param rules the rules in the order of the file
 */
record PolicyFile(boolean allowsByDefault, List<Rule> rules) {

    private static final int MOST_RULES = 1_000;
    private static final int LONGEST_NAME = 64;
    private static final int LONGEST_MESSAGE = 500;
    private static final JsonFactory JSON = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    PolicyFile {
        rules = List.copyOf(rules);
    }

    /** Reads and compiles the text of a file. Throws {@link InvalidPolicyException}. */
    static PolicyFile parse(String text) {
        try (JsonParser json = JSON.createParser(text)) {
            return new Reader(json, text).file();
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            throw new InvalidPolicyException(place == null ? 1 : place.getLineNr(), place == null ? 1 : place.getColumnNr(),
                // Jackson names the place of an unclosed bracket in words of its own.
                e.getOriginalMessage().replaceFirst(" \\(start marker at .*", ""));
        } catch (IOException e) {
            throw new IllegalStateException("A text can be read", e);
        }
    }

    /** The members of a rule that have been read so far. */
    private static final class Draft {

        private String name;
        private Effect effect;
        private Condition when;
        private String message;
        private List<String> acrValues = List.of();
        private Integer maxAgeSeconds;
    }

    /** Reads the tokens of a file. */
    private static final class Reader {

        private final JsonParser json;
        private final String text;

        Reader(JsonParser json, String text) {
            this.json = json;
            this.text = text;
        }

        PolicyFile file() throws IOException {
            boolean allows = false;
            List<Rule> rules = null;
            require(json.nextToken(), JsonToken.START_OBJECT, "A policy is a JSON object");
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String member = json.currentName();
                switch (member) {
                    case "default" -> allows = byDefault();
                    case "rules" -> rules = rules();
                    default -> throw here("A policy has no member " + member + ". Its members are default and rules");
                }
            }
            if (rules == null) {
                throw here("The member rules is missing");
            }
            if (json.nextToken() != null) {
                throw here("There is text after the policy");
            }
            return new PolicyFile(allows, rules);
        }

        private boolean byDefault() throws IOException {
            String effect = string("default");
            if (!effect.equals("allow") && !effect.equals("deny")) {
                throw here("The member default is allow or deny");
            }
            return effect.equals("allow");
        }

        private List<Rule> rules() throws IOException {
            List<Rule> rules = new ArrayList<>();
            Set<String> names = new HashSet<>();
            require(json.nextToken(), JsonToken.START_ARRAY, "The member rules is an array");
            while (json.nextToken() != JsonToken.END_ARRAY) {
                require(json.currentToken(), JsonToken.START_OBJECT, "A rule is a JSON object");
                JsonLocation start = json.currentTokenLocation();
                Rule rule = rule(start);
                if (!names.add(rule.name())) {
                    throw at(start, "There is another rule with the name " + rule.name());
                }
                rules.add(rule);
                if (rules.size() > MOST_RULES) {
                    throw at(start, "A policy has at most " + MOST_RULES + " rules");
                }
            }
            return rules;
        }

        private Rule rule(JsonLocation start) throws IOException {
            Draft draft = new Draft();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String member = json.currentName();
                switch (member) {
                    case "name" -> draft.name = name();
                    case "effect" -> draft.effect = effect();
                    case "when" -> draft.when = condition();
                    case "message" -> draft.message = bounded(member, LONGEST_MESSAGE);
                    case "acrValues" -> draft.acrValues = acrValues();
                    case "maxAgeSeconds" -> draft.maxAgeSeconds = seconds();
                    default -> throw here("A rule has no member " + member + ". Its members are name, effect, when, message, acrValues and maxAgeSeconds");
                }
            }
            if (draft.name == null || draft.effect == null || draft.when == null) {
                throw at(start, "A rule needs the members name, effect and when");
            }
            boolean requirements = !draft.acrValues.isEmpty() || draft.maxAgeSeconds != null;
            if (requirements != (draft.effect == Effect.REQUIRE_STEP_UP)) {
                throw at(start, "The effect require_step_up, and no other, needs the members acrValues or maxAgeSeconds");
            }
            return new Rule(draft.name, draft.effect, draft.when, draft.message, draft.acrValues, draft.maxAgeSeconds);
        }

        private String name() throws IOException {
            String name = bounded("name", LONGEST_NAME);
            if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
                throw here("The name of a rule has letters, digits, dots, hyphens and underscores");
            }
            return name;
        }

        private Effect effect() throws IOException {
            String word = string("effect");
            return Arrays.stream(Effect.values()).filter(effect -> effect.wireName().equals(word)).findFirst().orElseThrow(() ->
                here("The effect is one of " + String.join(", ", Arrays.stream(Effect.values()).map(Effect::wireName).toList())));
        }

        private Condition condition() throws IOException {
            String source = string("when");
            try {
                return Condition.compile(source);
            } catch (Condition.Malformed malformed) {
                JsonLocation start = json.currentTokenLocation();
                throw new InvalidPolicyException(start.getLineNr(), start.getColumnNr() + 1 + written(start, malformed.offset()), malformed.getMessage());
            }
        }

        /** The number of characters in the file for the first characters of a string, whose escapes are longer than what they stand for. */
        private int written(JsonLocation start, int characters) {
            int begin = (int) start.getCharOffset() + 1;
            int at = begin;
            for (int i = 0; i < characters && at < text.length(); i++) {
                at += text.charAt(at) != '\\' ? 1 : text.charAt(at + 1) == 'u' ? 6 : 2;
            }
            return at - begin;
        }

        private List<String> acrValues() throws IOException {
            List<String> values = new ArrayList<>();
            require(json.nextToken(), JsonToken.START_ARRAY, "The member acrValues is an array of strings");
            while (json.nextToken() != JsonToken.END_ARRAY) {
                require(json.currentToken(), JsonToken.VALUE_STRING, "The member acrValues is an array of strings");
                // They are written into a quoted string of the challenge, separated by spaces.
                if (!json.getText().matches("[\\x21\\x23-\\x5B\\x5D-\\x7E]{1,200}")) {
                    throw here("An authentication context has printable ASCII characters, without spaces, quotes and backslashes");
                }
                values.add(json.getText());
            }
            return values;
        }

        private Integer seconds() throws IOException {
            require(json.nextToken(), JsonToken.VALUE_NUMBER_INT, "The member maxAgeSeconds is a whole number");
            int seconds = json.getIntValue();
            if (seconds < 1) {
                throw here("The member maxAgeSeconds is at least 1");
            }
            return seconds;
        }

        private String bounded(String member, int longest) throws IOException {
            String value = string(member);
            if (value.isBlank() || value.length() > longest) {
                throw here("The member " + member + " has 1 to " + longest + " characters");
            }
            return value;
        }

        private String string(String member) throws IOException {
            require(json.nextToken(), JsonToken.VALUE_STRING, "The member " + member + " is a string");
            return json.getText();
        }

        private void require(JsonToken found, JsonToken expected, String otherwise) {
            if (found != expected) {
                throw here(otherwise);
            }
        }

        private InvalidPolicyException here(String problem) {
            return at(json.currentTokenLocation(), problem);
        }

        private static InvalidPolicyException at(JsonLocation place, String problem) {
            return new InvalidPolicyException(place.getLineNr(), place.getColumnNr(), problem);
        }
    }
}
