package dev.gatehouse.shared.policy;

import io.vertx.core.json.JsonObject;

/**
 * The language of the policies of tools, for servers that edit policy files without the tools. The module with the tools provides it as a service.
 * All methods block.
 */
public interface PolicyLanguage {

    /**
     * Compiles a policy.
     *
     * @param text the text of a policy file
     * @return {@code valid} with {@code version} and {@code rules}, or with {@code line}, {@code column} and {@code error}
     */
    JsonObject check(String text);

    /**
     * Explains whether a caller may call a tool.
     *
     * @param text the text of a valid policy file
     * @param question {@code caller}, {@code tool} and {@code arguments}, as in the cases of {@code gatehouse policy test}
     * @return {@code effect}, {@code rule} and the results of all rules
     * @throws IllegalArgumentException with a sentence about what the question lacks, or about the first error of the text
     */
    JsonObject explain(String text, JsonObject question);
}
