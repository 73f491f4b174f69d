/** Common Italian names: the people of the sandbox are combinations of them and of nobody in particular. */

type Names = readonly [string, ...string[]]
const list = (text: string): Names => {
  const [first = '', ...rest] = text.trim().split(/\s+/)
  return [first, ...rest]
}

export const nomiFemminili = list(`
  Anna Maria Giulia Francesca Laura Chiara Sara Martina Elena Valentina Paola Silvia Federica Roberta Alessandra
  Simona Barbara Monica Daniela Cristina Claudia Ilaria Michela Serena Elisa Giorgia Alice Beatrice Camilla Caterina
  Donatella Emanuela Fabiola Gabriella Irene Ludovica Marta Noemi Ornella Patrizia Rosa Sabrina Teresa Veronica
  Virginia Viola Bianca Costanza Eleonora Lucia`)

export const nomiMaschili = list(`
  Mario Luca Marco Andrea Francesco Alessandro Matteo Lorenzo Davide Simone Giuseppe Antonio Giovanni Roberto Stefano
  Paolo Fabio Riccardo Federico Daniele Alberto Claudio Massimo Enrico Giacomo Pietro Tommaso Edoardo Filippo Gabriele
  Nicola Vincenzo Salvatore Domenico Michele Raffaele Sergio Vittorio Emanuele Leonardo Cesare Dario Elio Franco Gino
  Ivano Livio Nicolò Oscar Ugo`)

export const cognomi = list(`
  Rossi Ferrari Russo Bianchi Romano Gallo Costa Fontana Conti Esposito Ricci Bruno Moretti Barbieri Lombardi Giordano
  Rinaldi Colombo Mancini Longo Leone Martinelli Marchetti Martini Galli Gatti Mariani Ferrara Santoro Marini Bianco
  Conte Serra Farina Gentile Caruso Morelli Ferri Testa Ferraro Pellegrini Grassi Rossetti Parisi Valentini Villa
  Ferretti Fabbri Bernardi Rizzi Pagano Palumbo Sartori Riva Basile Benedetti Guidi Vitale Silvestri Amato Orlando
  Donati Fiore Montanari Negri Sala Messina Piras Neri Carbone Cattaneo Rota Fumagalli Monti Poli Bellini Ferrero
  Caputo Milani Pace Lombardo Coppola Grasso Vitali Pozzi Ruggiero Marchi Bassi Sorrentino Castelli Calabrese Barone
  Ventura Battaglia Palmieri Damico Olivieri Giuliani Franco Bruni Bianchini Rizzo Greco Lombardini Pugliese Marino
  Zanella Sanna Melis Corsi Biagi Landi Nardi Bartoli Puccini Falcone Sesto Innocenti Magnani Corradi Salvi Merlo
  Tosi Volpe Arena Mauri Cavalli Perrone Zanetti Colucci Bianconi Pepe`)

export const strade =
  list(`Garibaldi Mazzini Cavour Dante Verdi Marconi Matteotti Gramsci Pascoli Carducci Manzoni Leopardi
  Galvani Volta Galilei Rossini Puccini Petrarca Ariosto Tasso Diaz Trento Trieste Isonzo`)

export const ragioni =
  list(`Edil Tecno Agri Mare Monte Lume Orto Nova Vela Pietra Legno Ferro Cielo Bosco Ponte Borgo Sole
  Acqua Terra Grano Olivo Vigna Seta Carta`)

export const settori = list(`Costruzioni Servizi Impianti Trasporti Consulenza Forniture Progetti Sistemi Alimentari
  Arredi Energia Ambiente Logistica Meccanica Tessuti Grafica Turismo Ricerche`)
