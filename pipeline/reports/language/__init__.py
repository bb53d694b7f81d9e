"""The language of the pages: message catalogues, numbers, money and names as natives write them."""
