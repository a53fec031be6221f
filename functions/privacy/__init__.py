"""The doors of data subjects and of the controller: requests, erasures, legal holds, receipts, and the page `/privacidade`."""
