"""View-models: frozen review data as lines of text, without a terminal."""
