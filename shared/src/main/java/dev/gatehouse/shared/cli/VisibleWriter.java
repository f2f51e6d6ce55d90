package dev.gatehouse.shared.cli;

import dev.gatehouse.shared.text.VisibleText;

import java.io.FilterWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/** What every command prints to a terminal: no text of a client reaches it as a control sequence. */
final class VisibleWriter extends FilterWriter {

    private VisibleWriter(Writer out) {
        super(out);
    }

    static PrintWriter over(PrintWriter out) {
        return new PrintWriter(new VisibleWriter(out), true);
    }

    @Override
    public void write(int character) throws IOException {
        write(String.valueOf((char) character), 0, 1);
    }

    @Override
    public void write(char[] characters, int offset, int length) throws IOException {
        write(new String(characters, offset, length), 0, length);
    }

    @Override
    public void write(String text, int offset, int length) throws IOException {
        out.write(VisibleText.lines(text.substring(offset, offset + length)));
    }
}
