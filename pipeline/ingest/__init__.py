"""How a file is opened safely: type by content, limits, pages, running text and tables of HTML, DOCX and text."""
