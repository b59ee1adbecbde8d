"""How answers look on a terminal. Words come from the catalogues, facts from the engine."""
