"""Small meta-problems that tell conditions apart, each with what holds at its point and what fails."""
