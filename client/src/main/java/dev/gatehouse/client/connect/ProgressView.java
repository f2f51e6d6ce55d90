package dev.gatehouse.client.connect;

import dev.gatehouse.shared.text.VisibleText;
import io.vertx.core.json.JsonObject;

import java.io.PrintWriter;
import java.util.Locale;

/** Shows the progress of a call: a bar on a terminal where the total is known, else lines. */
final class ProgressView {

    private static final int WIDTH = 30;
    private final PrintWriter out;
    private final PrintWriter terminal;
    private final boolean bar;
    private boolean open;

    /**
     * @param out takes lines
     * @param terminal takes the bar: it lets control characters through
     */
    ProgressView(PrintWriter out, PrintWriter terminal, boolean bar) {
        this.out = out;
        this.terminal = terminal;
        this.bar = bar;
    }

    /** @param progress the parameters of {@code notifications/progress} */
    synchronized void show(JsonObject progress) {
        double done = number(progress, "progress");
        double total = number(progress, "total");
        String message = progress.getValue("message") instanceof String text ? " " + VisibleText.of(text) : "";
        if (bar && total > 0) {
            int filled = (int) Math.round(Math.min(1, Math.max(0, done / total)) * WIDTH);
            // The carriage return is the one control character that this view needs; the line behind it is visible text.
            terminal.print("\r[" + "#".repeat(filled) + " ".repeat(WIDTH - filled) + "] " + Math.min(100, Math.round(100 * done / total)) + " %" + message);
            terminal.flush();
            open = true;
        } else {
            out.println("progress " + plain(done) + (total > 0 ? " of " + plain(total) : "") + message);
            out.flush();
        }
    }

    private static double number(JsonObject progress, String name) {
        return progress.getValue(name) instanceof Number number ? number.doubleValue() : 0;
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.format(Locale.ROOT, "%.2f", value);
    }

    /** Ends the line of the bar. */
    synchronized void end() {
        if (open) {
            terminal.println();
            terminal.flush();
            open = false;
        }
    }
}
