"""What browsers load: the widget, the answer page, QR codes; and the sample shop."""
