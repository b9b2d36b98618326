//! Renders Korean licence plates, trains the recognizer of `kr-lpr` on them, evaluates and exports it.
