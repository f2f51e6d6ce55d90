package dev.gatehouse.shared.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the number of a port. */
public final class PortNumber implements ITypeConverter<Integer> {

    private static final int HIGHEST = 65_535;

    /** Picocli calls it. */
    public PortNumber() {
    }

    @Override
    public Integer convert(String text) {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > HIGHEST) {
            throw new TypeConversionException(text + " is not a port number from 0 to " + HIGHEST + ".");
        }
        return Integer.valueOf(text);
    }
}
