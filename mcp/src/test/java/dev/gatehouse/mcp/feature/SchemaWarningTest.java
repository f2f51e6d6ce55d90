package dev.gatehouse.mcp.feature;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.gatehouse.mcp.api.Schemas;
import dev.gatehouse.mcp.api.Tool;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolDefinition;
import dev.gatehouse.mcp.api.ToolHints;
import dev.gatehouse.mcp.api.ToolResult;
import dev.gatehouse.mcp.schema.SchemaCompiler;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Set;

@Isolated("collects what a class logs")
class SchemaWarningTest {

    private record Described(String schema) implements Tool {

        @Override
        public ToolDefinition definition() {
            return new ToolDefinition("described", "Described", "A tool", Schemas.of(schema), null, ToolHints.reads());
        }

        @Override
        public Set<String> scopes() {
            return Set.of();
        }

        @Override
        public Future<ToolResult> call(ToolCall call) {
            return Future.succeededFuture(ToolResult.of("done"));
        }
    }

    private static List<String> warnings(String schema) {
        Logger logger = (Logger) LoggerFactory.getLogger(OfferedTool.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.setLevel(Level.WARN);
        logger.addAppender(log);
        try {
            new OfferedTool(new Described(schema), new SchemaCompiler(new ObjectMapper()));
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
        }
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"anyOf\": [{\"required\": [\"a\"]}]", "\"oneOf\": [{\"required\": [\"a\"]}]", "\"allOf\": [{\"required\": [\"a\"]}]",
        "\"not\": {\"required\": [\"a\"]}", "\"enum\": [{}]"})
    void aToolWhoseSchemaHasACombinatorAtItsRootIsTakenWithAWarningThatNamesIt(String combinator) {
        assertThat(warnings("{\"type\": \"object\", " + combinator + "}")).singleElement().asString()
            .contains("described").contains(combinator.substring(1, combinator.indexOf('"', 1)));
    }

    @Test
    void aCombinatorBelowTheRootIsNothingToWarnOf() {
        assertThat(warnings("{\"type\": \"object\", \"properties\": {\"a\": {\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"null\"}]}}}")).isEmpty();
    }
}
