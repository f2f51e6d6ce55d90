package dev.gatehouse.policy;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelAttributePattern;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.PartialVars;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A condition in the Common Expression Language. It is compiled and type-checked once, and its cost is bounded: by the length of the text, the
 * depth, the iterations of all its comprehensions together, and regular expressions in linear time. Thread-safe.
 */
final class Condition {

    static final String ARGUMENTS = "arguments";
    static final String NOW = "now";

    private static final int LONGEST = 4_096;
    private static final int DEEPEST = 32;
    private static final int MOST_ITERATIONS = 1_000;
    private static final int LARGEST_REGEX = 1_000;

    // The planner requires the comparison of numbers of different types.
    private static final CelOptions OPTIONS = CelOptions.current().enableHeterogeneousNumericComparisons(true)
        .maxExpressionCodePointSize(LONGEST).maxParseRecursionDepth(DEEPEST).comprehensionMaxIterations(MOST_ITERATIONS)
        .maxRegexProgramSize(LARGEST_REGEX).build();
    private static final ListType TEXTS = ListType.create(SimpleType.STRING);
    // Qualified names instead of messages, so that a wrong member is an error of the type check.
    private static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder().setOptions(OPTIONS)
        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
        .addVar("caller.user", SimpleType.STRING).addVar("caller.subject", SimpleType.STRING).addVar("caller.issuer", SimpleType.STRING)
        .addVar("caller.groups", TEXTS).addVar("caller.client", SimpleType.STRING).addVar("caller.actors", TEXTS).addVar("caller.scopes", TEXTS)
        .addVar("caller.authenticated_at", SimpleType.TIMESTAMP).addVar("caller.acr", SimpleType.STRING).addVar("caller.amr", TEXTS)
        .addVar("tool.name", SimpleType.STRING).addVar("tool.server", SimpleType.STRING)
        .addVar("tool.annotations.readOnlyHint", SimpleType.BOOL).addVar("tool.annotations.destructiveHint", SimpleType.BOOL)
        .addVar("tool.annotations.idempotentHint", SimpleType.BOOL).addVar("tool.annotations.openWorldHint", SimpleType.BOOL)
        .addVar(ARGUMENTS, MapType.create(SimpleType.STRING, SimpleType.DYN)).addVar(NOW, SimpleType.TIMESTAMP)
        .setResultType(SimpleType.BOOL).build();
    private static final CelRuntime RUNTIME = CelRuntimeFactory.plannerRuntimeBuilder().setOptions(OPTIONS).build();

    private final String source;
    private final CelRuntime.Program program;
    private final Optional<Set<String>> members;

    private Condition(String source, CelRuntime.Program program, Optional<Set<String>> members) {
        this.source = source;
        this.program = program;
        this.members = members;
    }

    /** The result of an evaluation. */
    enum Outcome {
        TRUE, FALSE,
        /** The evaluation failed. */
        ERROR,
        /** The result depends on values that are not known yet. */
        OPEN;

        static Outcome of(boolean value) {
            return value ? TRUE : FALSE;
        }
    }

    /** An error in the text of a condition. */
    static final class Malformed extends RuntimeException {

        private final int offset;

        Malformed(int offset, String message) {
            super(message, null, false, false);
            this.offset = offset;
        }

        /** The offset of the error in the text. */
        int offset() {
            return offset;
        }
    }

    /** Compiles a condition. Throws {@link Malformed}. */
    static Condition compile(String source) {
        try {
            CelAbstractSyntaxTree tree = COMPILER.compile(source).getAst();
            return new Condition(source, RUNTIME.createProgram(tree), members(tree));
        } catch (CelValidationException e) {
            List<CelIssue> errors = e.getErrors();
            throw errors.isEmpty() ? new Malformed(0, e.getMessage())
                : new Malformed(offset(source, errors.get(0)), errors.get(0).getMessage());
        } catch (CelEvaluationException e) {
            throw new Malformed(0, e.getMessage());
        }
    }

    /** Finds the members of the arguments that a condition names. Empty if it uses the arguments in another way, or the time. */
    private static Optional<Set<String>> members(CelAbstractSyntaxTree tree) {
        Set<String> members = new HashSet<>();
        boolean allNamed = CelNavigableAst.fromAst(tree).getRoot().allNodes().filter(node -> node.getKind() == CelExpr.ExprKind.Kind.IDENT)
            .allMatch(node -> isOtherVariable(node.expr().ident().name()) || isNamed(node, members));
        return allNamed ? Optional.of(Set.copyOf(members)) : Optional.empty();
    }

    private static boolean isOtherVariable(String name) {
        return !name.endsWith(ARGUMENTS) && !name.endsWith(NOW);
    }

    private static boolean isNamed(CelNavigableExpr variable, Set<String> members) {
        return variable.expr().ident().name().equals(ARGUMENTS) && variable.parent().filter(node -> node.getKind() == CelExpr.ExprKind.Kind.SELECT)
            .map(node -> members.add(node.expr().select().field())).isPresent();
    }

    private static int offset(String source, CelIssue error) {
        int offset = 0;
        for (int line = error.getSourceLocation().getLine(); line > 1; line--) {
            offset = source.indexOf('\n', offset) + 1;
        }
        return offset + Math.max(0, error.getSourceLocation().getColumn());
    }

    String source() {
        return source;
    }

    /** Returns true if the result depends on nothing of the arguments but the members that the condition names, and not on the time. */
    boolean namesAllMembers() {
        return members.isPresent();
    }

    /** The members of the arguments that the condition names; empty if it names none, or may use any. */
    Set<String> members() {
        return members.orElse(Set.of());
    }

    /** Returns true if the condition names one of these members of the arguments, or may use any. */
    boolean names(Collection<String> given) {
        return members.isEmpty() || !Collections.disjoint(members.get(), given);
    }

    /** Evaluates the condition with the value of every variable. */
    Outcome evaluate(Map<String, ?> variables) {
        try {
            return outcome(program.eval(variables));
        } catch (CelEvaluationException | RuntimeException failed) {
            return Outcome.ERROR;
        }
    }

    /** Evaluates the condition before some variables are known. An error is open: the value of an unknown variable may avoid it. */
    Outcome evaluate(Map<String, ?> variables, String... unknown) {
        CelAttributePattern[] patterns = new CelAttributePattern[unknown.length];
        for (int i = 0; i < unknown.length; i++) {
            patterns[i] = CelAttributePattern.create(unknown[i]);
        }
        try {
            return program.eval(PartialVars.of(variables, patterns)) instanceof Boolean value ? Outcome.of(value) : Outcome.OPEN;
        } catch (CelEvaluationException | RuntimeException failed) {
            return Outcome.OPEN;
        }
    }

    /** Describes why the evaluation fails, with values: for the author of a policy, not for a log. */
    String failure(Map<String, ?> variables) {
        try {
            Object value = program.eval(variables);
            return value instanceof Boolean ? "" : "the result is not a truth value";
        } catch (CelEvaluationException | RuntimeException failed) {
            return String.valueOf(failed.getMessage());
        }
    }

    private static Outcome outcome(Object value) {
        return value instanceof Boolean truth ? Outcome.of(truth) : Outcome.ERROR;
    }
}
