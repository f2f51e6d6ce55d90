package dev.gatehouse.mcp.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaContext;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.keyword.AbstractKeyword;
import com.networknt.schema.keyword.AbstractKeywordValidator;
import com.networknt.schema.keyword.KeywordValidator;
import com.networknt.schema.path.NodePath;

/**
 * A keyword of our own that ends the check of a value when schemas have looked at it too often: a schema that refers to itself twice
 * may look at a value of depth n two to the n times.
 */
final class CheckingBudget extends AbstractKeyword {

    static final CheckingBudget KEYWORD = new CheckingBudget();

    private static final String NAME = "x-checking-budget";
    /** Some tens of milliseconds. */
    private static final int LOOKS = 50_000;

    private CheckingBudget() {
        super(NAME);
    }

    /** The check has taken too long. */
    static final class UsedUp extends RuntimeException {

        UsedUp() {
            super("The value is too large, too deep or too ambiguous to be checked", null, false, false);
        }
    }

    /** Has every schema within a schema count, if any of them refers to another: all others look once at each value. */
    static void putInto(JsonNode schema, SchemaOutline outline) {
        if (!outline.hasReferences()) {
            return;
        }
        for (SchemaOutline.Member member : outline.members()) {
            if (schema.at(member.pointer()) instanceof ObjectNode object) {
                object.put(NAME, true);
            }
        }
    }

    @Override
    public KeywordValidator newValidator(SchemaLocation location, JsonNode value, Schema parent, SchemaContext context) {
        return new AbstractKeywordValidator(this, value, location) {
            @Override
            public void validate(ExecutionContext execution, JsonNode node, JsonNode root, NodePath path) {
                int[] looks = execution.getCollectorContext().computeIfAbsent(NAME, first -> new int[1]);
                if (++looks[0] > LOOKS) {
                    throw new UsedUp();
                }
            }
        };
    }
}
