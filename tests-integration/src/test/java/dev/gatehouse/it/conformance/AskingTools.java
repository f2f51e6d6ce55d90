package dev.gatehouse.it.conformance;

import dev.gatehouse.mcp.api.InputRequest;
import dev.gatehouse.mcp.api.Schemas;
import dev.gatehouse.mcp.api.ToolCall;
import dev.gatehouse.mcp.api.ToolResult;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The tools of the official suite that ask for input. The same code serves the revisions that ask meanwhile and the one that asks between. */
final class AskingTools {

    List<FixtureTool> all() {
        return List.of(
            FixtureTool.of("test_sampling", call -> asking(call, sampling(String.valueOf(call.arguments().get("prompt"))))),
            FixtureTool.of("test_elicitation", call -> asking(call, InputRequest.elicitation(String.valueOf(call.arguments().get("message")),
                Schemas.of("""
                    {"type": "object", "properties": {"response": {"type": "string", "description": "Your answer"}}, "required": ["response"]}""")))),
            FixtureTool.of("test_elicitation_sep1034_defaults", call -> asking(call, InputRequest.elicitation("Look over the form", defaults()))),
            FixtureTool.of("test_elicitation_sep1330_enums", call -> asking(call, InputRequest.elicitation("Choose", enumerations()))),
            FixtureTool.of("ask_by_page", call -> asking(call, InputRequest.elicitationUrl("Sign the form", "https://example.com/form", "form-1"))),
            FixtureTool.of("test_missing_capability", call -> asking(call, sampling("Anything"))),
            FixtureTool.of("test_streaming_elicitation", call -> call.notifier().progress(1, 2.0, "about to ask").compose(sent -> asking(call, form("name")))),
            FixtureTool.of("test_input_required_result_elicitation", call -> asking(call, "user_name", form("name"))),
            FixtureTool.of("test_input_required_result_sampling", call -> asking(call, "capital_question", sampling("What is the capital of France?"))),
            FixtureTool.of("test_input_required_result_list_roots", call -> asking(call, "client_roots", InputRequest.roots())),
            FixtureTool.of("test_input_required_result_request_state", call -> asking(call, "confirm", form("ok")).map(done -> ToolResult.of("state-ok"))),
            FixtureTool.of("test_input_required_result_tampered_state",
                call -> asking(call, "confirm", form("ok")).map(done -> ToolResult.of("integrity-ok"))),
            FixtureTool.of("test_input_required_result_multiple_inputs", AskingTools::several),
            FixtureTool.of("test_input_required_result_multi_round", call -> call.inputs().ask("step1", form("name"))
                .compose(name -> asking(call, "step2", form("color")))),
            FixtureTool.of("test_input_required_result_capabilities", AskingTools::whatTheClientCan));
    }

    private static Future<ToolResult> asking(ToolCall call, InputRequest request) {
        return asking(call, "question", request);
    }

    private static Future<ToolResult> asking(ToolCall call, String key, InputRequest request) {
        return call.inputs().ask(key, request).map(answer -> ToolResult.of("Answered: " + new JsonObject(answer.result()).encode()));
    }

    private static Future<ToolResult> several(ToolCall call) {
        Map<String, InputRequest> requests = new LinkedHashMap<>();
        requests.put("user_name", form("name"));
        requests.put("greeting", sampling("Generate a greeting"));
        requests.put("client_roots", InputRequest.roots());
        return call.inputs().ask(requests).map(answers -> ToolResult.of("Answered: " + answers.keySet()));
    }

    private static Future<ToolResult> whatTheClientCan(ToolCall call) {
        Map<String, InputRequest> requests = new LinkedHashMap<>();
        requests.put("elicit_input", form("name"));
        requests.put("sample_input", sampling("Anything"));
        requests.values().removeIf(request -> !call.inputs().canAnswer(request));
        Function<Map<String, ?>, ToolResult> told = answers -> ToolResult.of("Answered: " + answers.keySet());
        return requests.isEmpty() ? FixtureTools.said("The client can answer nothing") : call.inputs().ask(requests).map(told::apply);
    }

    private static InputRequest form(String field) {
        return InputRequest.elicitation("What is your " + field + "?", Map.of("type", "object",
            "properties", Map.of(field, Map.of("type", "string")), "required", List.of(field)));
    }

    private static InputRequest sampling(String prompt) {
        return InputRequest.sampling(Map.of("messages", List.of(Map.of("role", "user",
            "content", Map.of("type", "text", "text", prompt))), "maxTokens", 100));
    }

    private static Map<String, Object> defaults() {
        return Schemas.of("""
            {"type": "object", "required": [], "properties": {
              "name": {"type": "string", "description": "Name", "default": "John Doe"},
              "age": {"type": "integer", "description": "Age", "default": 30},
              "score": {"type": "number", "description": "Score", "default": 95.5},
              "status": {"type": "string", "description": "Status", "enum": ["active", "inactive", "pending"], "default": "active"},
              "verified": {"type": "boolean", "description": "Verified", "default": true}}}""");
    }

    private static Map<String, Object> enumerations() {
        return Schemas.of("""
            {"type": "object", "required": [], "properties": {
              "untitledSingle": {"type": "string", "description": "One", "enum": ["option1", "option2", "option3"]},
              "titledSingle": {"type": "string", "description": "One, titled", "oneOf": [{"const": "value1", "title": "First"},
                {"const": "value2", "title": "Second"}, {"const": "value3", "title": "Third"}]},
              "legacyEnum": {"type": "string", "description": "One, the old way", "enum": ["opt1", "opt2", "opt3"],
                "enumNames": ["Option One", "Option Two", "Option Three"]},
              "untitledMulti": {"type": "array", "description": "Several", "minItems": 1, "maxItems": 3,
                "items": {"type": "string", "enum": ["option1", "option2", "option3"]}},
              "titledMulti": {"type": "array", "description": "Several, titled", "minItems": 1, "maxItems": 3,
                "items": {"anyOf": [{"const": "value1", "title": "First"}, {"const": "value2", "title": "Second"}, {"const": "value3", "title": "Third"}]}}}}""");
    }
}
