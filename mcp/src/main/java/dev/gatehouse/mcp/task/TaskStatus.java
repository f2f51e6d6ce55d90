package dev.gatehouse.mcp.task;

/** Where a task stands (tasks, task status). */
enum TaskStatus {

    WORKING("working"), INPUT_REQUIRED("input_required"), COMPLETED("completed"), FAILED("failed"), CANCELLED("cancelled");

    private final String wireName;

    TaskStatus(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }

    /** Whether nothing comes after it. */
    boolean isLast() {
        return this != WORKING && this != INPUT_REQUIRED;
    }
}
