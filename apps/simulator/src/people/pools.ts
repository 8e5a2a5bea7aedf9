/**
 * What simulated people can be called and where they can live. The recogniser's language model offers all of it, so that hearing one
 * person's value right means choosing it among the others. Words are in the US pronunciation dictionary, and no two of them sound alike.
 */

export const FIRST_NAMES = words(`
  Abigail Adam Adrian Albert Alexander Alice Amanda Amber Amelia Andrew Angela Anthony Arthur Barbara Benjamin Bernard Beverly
  Bradley Brandon Brenda Bridget Brittany Cameron Camilla Caroline Cassandra Charlotte Chester Christina Christopher Clarence Claudia
  Clifford Cynthia Daniel Deborah Dennis Diana Dominic Donald Dorothy Douglas Edgar Edward Elizabeth Emily Emma Ernest
  Eugene Evelyn Florence Frances Frederick Gabriel George Gloria Gregory Harold Harriet Heather Helen Henry
  Howard Isabel Jacob James Janet Jasmine Jeremy Jessica Jonathan Joseph Joshua Julia Justin Katherine Kenneth Kimberly Lawrence
  Leonard Lillian Linda Lorraine Louise Lucas Madeline Margaret Martin Matilda Matthew Melissa Michael Miranda Monica Nancy
  Natalie Nicholas Norman Oliver Olivia Oscar Pamela Patricia Patrick Peter Priscilla Rachel Raymond Rebecca Richard Robert
  Roger Ronald Rosemary Rudolph Russell Samantha Samuel Sandra Shirley Simon Sophia Stanley Stephanie Susan
  Theodore Theresa Thomas Timothy Valerie Vanessa Victor Vincent Virginia Walter Warren Wesley William Yvonne Zachary
`);

export const LAST_NAMES = words(`
  Aldridge Alexander Anderson Andrews Armstrong Atkinson Bailey Baker Baldwin Barnett Baxter Benson Bishop Blackwell Bradford
  Brennan Bridges Brooks Buchanan Burton Caldwell Campbell Carpenter Carter Castillo Chambers
  Chandler Chapman Christensen Clayton Coleman Collins Crawford Cunningham Curtis Dalton Daniels Davidson Davis Dawson Delgado
  Dickson Donovan Dunlap Edison Edwards Elliott Erickson Everett Ferguson Fernandez Fisher Fitzgerald Fleming Fletcher Foster Franklin
  Frazier Freeman Gallagher Garcia Gardner Garrison Gibson Gilbert Goldman Gonzalez Goodwin Graham Griffin Hamilton Hammond Hancock
  Hanson Hardy Harper Harrington Harrison Harvey Henderson Hernandez Hoffman Holloway Hopkins Houston Hubbard Hudson Hutchinson Ingram
  Jackson Jefferson Jenkins Jennings Johnson Kaufman Keller Kennedy Kowalski Lambert Larson Lawson Lindsay Livingston Lockhart Lopez Madison
  Maldonado Manning Marshall Martinez Mathews Mendoza Meyers Mitchell Montgomery Morrison Murphy
  Nelson Newman Newton Nicholson Olsen Osborne Parker Patterson Peterson Phillips Powell Preston Quinn Ramirez Randolph
  Reynolds Richardson Robertson Robinson Rodriguez Rogers Romero Rosenberg Salazar Sanchez Sawyer Schneider Schultz Shepherd Sherman Simpson
  Sinclair Stanton Sullivan Sutherland Swanson Thompson Tucker Turner Underwood Valdez Vasquez Wallace Warner Washington Watkins Watson
  Weaver Webster Whitaker Wilkinson Williams Winston Winters Woodward
`);

export const STREETS = [
  ...named(
    'Street',
    'Maple Walnut Chestnut Spruce Cypress Magnolia Juniper Franklin Lincoln Jackson Monroe Adams Church Market Harbor Mill Garden',
  ),
  ...named('Street', 'Clinton Hamilton Liberty Madison Orchard Prospect Spring Summer Winter Water Canal Bridge Castle Cherry Broad'),
  ...named(
    'Avenue',
    'Park Lexington Columbus Atlantic Pacific Central Highland Mountain Railroad Stanford Cambridge Oxford Berkeley Princeton',
  ),
  ...named('Avenue', 'Evergreen Sycamore Hawthorne Laurel Linden Poplar Willow Jefferson Washington Roosevelt Wilson Harrison Garfield'),
  ...named(
    'Road',
    'Canyon Country Farm Forest Island Lake Meadow Mission Old River Station Valley Village Windmill Quarry Pioneer Thunder Mustang',
  ),
  ...named(
    'Lane',
    'Arrow Blossom Buttercup Clover Cottage Daisy Dogwood Hickory Holly Honeysuckle Ivy Lavender Meadowlark Rabbit Shepherd',
  ),
  ...named('Drive', 'Sunset Sunrise Ridge Vista Paradise Diamond Emerald Silver Golden Hillside Lakeside Riverside Campus Executive'),
  ...named('Boulevard', 'Broadway Bellevue California Colonial Grand Memorial Ocean Palmetto Sherwood Victoria'),
];

export const CITIES = [
  ...words(`
    Akron Albany Albuquerque Arlington Atlanta Baltimore Birmingham Boston Boulder Buffalo Charleston Chattanooga Chicago Cincinnati
    Cleveland Columbia Dallas Denver Detroit Fresno Hartford Honolulu Houston Indianapolis Jacksonville Knoxville Lafayette
    Lexington Louisville Memphis Miami Milwaukee Minneapolis Montgomery Nashville Norfolk Oakland Orlando Pasadena Philadelphia
    Phoenix Pittsburgh Portland Providence Raleigh Richmond Rochester Sacramento Savannah Seattle Spokane Syracuse Tacoma Tallahassee Tampa
    Toledo Tucson Tulsa Wichita Worcester
  `),
  'Baton Rouge',
  'Colorado Springs',
  'Kansas City',
  'Little Rock',
  'Los Angeles',
  'New Orleans',
  'Salt Lake City',
  'San Antonio',
  'San Diego',
  'San Francisco',
  'Santa Barbara',
];

/** Domains that can never belong to anybody (RFC 2606). */
export const EMAIL_DOMAINS = ['example.com', 'example.org', 'example.net'];

/** Days of the months, as month and day; the 29th of February is left out, since the next one may be years away. */
export const DAYS_OF_YEAR: readonly { month: number; day: number }[] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].flatMap(
  (days, index) => Array.from({ length: days }, (_, day) => ({ month: index + 1, day: day + 1 })),
);

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

function named(kind: string, names: string): string[] {
  return words(names).map((name) => `${name} ${kind}`);
}
